// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QList>
#include <QString>
#include <QStringList>

#include <map>

namespace weir {

/// Each document keeps in `unknown` what it was read with and does not know; toJson() writes that back. `temporary`
/// ones (of the demo, of --connect) live as long as the program.

/// A saved connection. Holds no secret.
struct ConnectionDocument
{
    QString id; ///< never shown, never changed; what tabs and dashboards refer to
    QString name; ///< as it stands in the tree
    QString bootstrapServers;
    QString capture; ///< a folder to look at instead of a cluster; empty: none
    int colour = 0; ///< index into the series colours
    QString environment; ///< "production", "staging", "development" or empty
    QStringList namedGroups; ///< for clusters that list none
    std::map<QString, QString> properties; ///< further librdkafka properties
    bool connectAtStart = true;
    bool temporary = false;
    QJsonObject unknown;

    static ConnectionDocument fromJson(const QJsonObject& json);
    QJsonObject toJson() const;
};

/// A query tab: its text and what its plot shows.
struct QueryDocument
{
    QString id;
    QString name;
    QString connection; ///< ConnectionDocument::id
    QString sql;
    QString plotColumn; ///< empty: the first that can be plotted
    bool temporary = false;
    QJsonObject unknown;

    static QueryDocument fromJson(const QJsonObject& json);
    QJsonObject toJson() const;
};

/// A named condition for the records of a topic, on whatever connection.
struct FilterDocument
{
    QString id;
    QString name;
    QString topic;
    QString sql; ///< as behind WHERE
    QString colour; ///< of the rows for which it holds: "error", "warn", "ok", "info", "accent", "stale"; empty: none
    QJsonObject unknown;

    static FilterDocument fromJson(const QJsonObject& json);
    QJsonObject toJson() const;
};

/// A record that the user marked.
struct MarkDocument
{
    QString id;
    QString connection; ///< ConnectionDocument::id
    QString topic;
    int partition = 0;
    qint64 offset = 0;
    QString comment; ///< may be empty
    bool temporary = false;
    QJsonObject unknown;

    static MarkDocument fromJson(const QJsonObject& json);
    QJsonObject toJson() const;
};

/// Where a panel stands in its dashboard's grid; a negative row: at the first free place.
struct PanelPlace
{
    int row = -1;
    int column = 0;
    int rows = 1;
    int columns = 1;
    bool operator==(const PanelPlace&) const = default;
};

/// One panel of a dashboard. `kind`: "throughput", "lag", "latency" or "query".
struct DashboardPanelDocument
{
    QString kind;
    QString title; ///< empty: the kind's own
    QString connection;
    QString topic; ///< latency
    QString latencyField; ///< latency: measured from this field of the value; empty: from the record's timestamp
    QString sql; ///< query
    QString plotColumn; ///< query; empty: the first that can be plotted
    PanelPlace place;
    QJsonObject unknown;

    static DashboardPanelDocument fromJson(const QJsonObject& json);
    QJsonObject toJson() const;
};

struct DashboardDocument
{
    QString id;
    QString name;
    int rangeSeconds = 900; ///< how much time the panels show
    bool linkedCursor = true;
    QList<DashboardPanelDocument> panels;
    bool temporary = false;
    QJsonObject unknown;

    static DashboardDocument fromJson(const QJsonObject& json);
    QJsonObject toJson() const;
};

/// An open tab. `kind`: "topic" (name is the topic), "query" or "dashboard" (name is the document's id).
struct TabDocument
{
    QString kind;
    QString connection;
    QString name;
    QJsonObject view; ///< what the tab's own choices are: where it reads from, its columns
    bool operator==(const TabDocument&) const = default;
};

/// What the window looked like.
struct WindowDocument
{
    QByteArray geometry; ///< QWidget::saveGeometry
    QByteArray state; ///< QMainWindow::saveState
    QString theme = QStringLiteral("dark"); ///< or "light"
    QList<TabDocument> tabs;
    int currentTab = -1;
    QJsonObject unknown;

    static WindowDocument fromJson(const QJsonObject& json);
    QJsonObject toJson() const;
};

/// An id that no other document has.
QString newDocumentId();

} // namespace weir
