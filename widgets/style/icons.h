// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QIcon>
#include <QPixmap>
#include <QRectF>

class QPainter;

namespace weir::style {

/// Outline icons on a 16 px grid, one colour, tinted at run time. Files: resources/icons/<kebab-name>.svg.
enum class Icon {
    Topic,
    Group,
    Cluster,
    Query,
    Dashboard,
    Play,
    Pause,
    Stop,
    Plus,
    Close,
    Search,
    Filter,
    LockClosed,
    LockOpen,
    Clock,
    Dot,
    Stale,
    Bell,
    Incomplete,
    Provisional,
    Reduced,
    Check,
    CheckCircle,
    Error,
    Warning,
    Info,
    Flask,
    Connect,
    Disconnected,
    Database,
    Settings,
    ChevronRight,
    ChevronDown,
    ChevronUp,
    Copy,
    Export,
    Import,
    Theme,
    Key,
    Tombstone,
    Star,
    Folder,
    Link,
    More,
    ArrowRight,
    ArrowUp,
    ArrowDown,
    FieldText,
    FieldNumber,
    FieldList,
    FieldTime,
    FieldBool,
    FieldBytes,
    Table,
    Plot,
    NotTried,
    Eye,
    Format,
    Refresh,
    Log,
    Split,
    Delete,
    Edit,
    Save,
    Help,
    Count_ ///< how many there are; no icon
};

/// Which text colour an icon takes; it follows the theme.
enum class Tint { Primary, Secondary, Muted, Accent, OnAccent, Ok, Warn, Error, Info, Stale, Provisional };

/// An icon that is drawn with the current theme's colour of `tint` whenever it is painted.
QIcon icon(Icon id, Tint tint = Tint::Secondary);
/// With another tint while its button is on (checked).
QIcon icon(Icon id, Tint off, Tint on);
QColor tintColor(Tint tint);

/// Paints the icon centred in `rect`, as a square of its smaller side.
void paintIcon(QPainter& painter, const QRectF& rect, Icon id, const QColor& color);
QPixmap pixmap(Icon id, const QColor& color, int size, qreal devicePixelRatio = 1);
/// The mark of the program: water falling over a wall. 64 by 48 grid, in the current theme's colours.
void paintLogo(QPainter& painter, const QRectF& rect);
QPixmap logo(const QSize& size, qreal devicePixelRatio = 1);
/// Name of the icon's file without folder and ending.
QString iconName(Icon id);

} // namespace weir::style
