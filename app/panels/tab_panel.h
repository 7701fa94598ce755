// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workspace/documents.h"
#include "widgets/style/icons.h"

#include <QWidget>

#include <optional>

namespace weir {

/// What the window knows of a tab, whatever it shows. GUI thread.
class TabPanel : public QWidget
{
    Q_OBJECT
public:
    using QWidget::QWidget;

    virtual style::Icon icon() const = 0;
    virtual QString title() const = 0;
    /// The connection it looks at; empty when it looks at none, or at several.
    virtual QString connectionId() const { return {}; }
    /// How to open it again; nullopt: it does not come back.
    virtual std::optional<TabDocument> tab() const { return std::nullopt; }
    /// Where F6 goes, in reading order.
    virtual QList<QWidget*> panes() const = 0;
    /// Starts or stops reading.
    virtual void toggleStream() { }
    /// One line per thing it shows, for a summary.
    virtual QStringList summary() const { return {}; }

signals:
    void titleChanged();
};

} // namespace weir
