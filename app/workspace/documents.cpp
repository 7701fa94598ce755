// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workspace/documents.h"

#include <QJsonArray>
#include <QUuid>

#include <algorithm>
#include <climits>

namespace weir {

namespace {

/// Reads known keys out of an object; what is left over is unknown. Values of a wrong type count as not given.
class Reader
{
public:
    explicit Reader(const QJsonObject& json) : m_left(json)
    {
        m_left.remove(QStringLiteral("weir"));
        m_left.remove(QStringLiteral("version"));
    }

    QString text(const QString& key, const QString& fallback = {}) { return m_left.take(key).toString(fallback); }
    bool flag(const QString& key, bool fallback) { return m_left.take(key).toBool(fallback); }
    int number(const QString& key, int fallback, int low, int high)
    {
        return std::clamp(m_left.take(key).toInt(fallback), low, high);
    }
    qint64 position(const QString& key) { return std::max<qint64>(0, m_left.take(key).toInteger()); }
    QByteArray bytes(const QString& key) { return QByteArray::fromBase64(text(key).toLatin1()); }
    QJsonArray list(const QString& key) { return m_left.take(key).toArray(); }
    QJsonObject object(const QString& key) { return m_left.take(key).toObject(); }
    const QJsonObject& rest() const { return m_left; }

private:
    QJsonObject m_left;
};

/// Documents are read by people too: a key without a value is left out.
void put(QJsonObject& json, const QString& key, const QString& text)
{
    if (!text.isEmpty())
        json.insert(key, text);
}

PanelPlace placeOf(const QJsonObject& json)
{
    constexpr int most = 1000;
    Reader reader(json);
    PanelPlace place;
    place.row = reader.number(QStringLiteral("row"), -1, -1, most);
    place.column = reader.number(QStringLiteral("column"), 0, 0, most);
    place.rows = reader.number(QStringLiteral("rows"), 1, 1, most);
    place.columns = reader.number(QStringLiteral("columns"), 1, 1, most);
    return place;
}

QJsonObject toJson(const PanelPlace& place)
{
    return {{QStringLiteral("row"), place.row}, {QStringLiteral("column"), place.column},
        {QStringLiteral("rows"), place.rows}, {QStringLiteral("columns"), place.columns}};
}

QStringList texts(const QJsonArray& list)
{
    QStringList result;
    for (const QJsonValue& value : list) {
        if (value.isString() && !value.toString().isEmpty())
            result.append(value.toString());
    }
    return result;
}

} // namespace

ConnectionDocument ConnectionDocument::fromJson(const QJsonObject& json)
{
    Reader reader(json);
    ConnectionDocument document;
    document.id = reader.text(QStringLiteral("id"));
    document.name = reader.text(QStringLiteral("name"));
    document.bootstrapServers = reader.text(QStringLiteral("bootstrapServers"));
    document.capture = reader.text(QStringLiteral("capture"));
    document.colour = reader.number(QStringLiteral("colour"), 0, 0, 99);
    document.environment = reader.text(QStringLiteral("environment"));
    document.namedGroups = texts(reader.list(QStringLiteral("namedGroups")));
    const QJsonObject properties = reader.object(QStringLiteral("properties"));
    for (auto it = properties.begin(); it != properties.end(); ++it)
        document.properties[it.key()] = it.value().toString();
    document.connectAtStart = reader.flag(QStringLiteral("connectAtStart"), true);
    document.unknown = reader.rest();
    return document;
}

QJsonObject ConnectionDocument::toJson() const
{
    QJsonObject json = unknown;
    json.insert(QStringLiteral("id"), id);
    json.insert(QStringLiteral("name"), name);
    if (capture.isEmpty())
        json.insert(QStringLiteral("bootstrapServers"), bootstrapServers);
    put(json, QStringLiteral("capture"), capture);
    json.insert(QStringLiteral("colour"), colour);
    put(json, QStringLiteral("environment"), environment);
    if (!namedGroups.isEmpty())
        json.insert(QStringLiteral("namedGroups"), QJsonArray::fromStringList(namedGroups));
    QJsonObject list;
    for (const auto& [key, value] : properties)
        list.insert(key, value);
    if (!list.isEmpty())
        json.insert(QStringLiteral("properties"), list);
    json.insert(QStringLiteral("connectAtStart"), connectAtStart);
    return json;
}

QueryDocument QueryDocument::fromJson(const QJsonObject& json)
{
    Reader reader(json);
    QueryDocument document;
    document.id = reader.text(QStringLiteral("id"));
    document.name = reader.text(QStringLiteral("name"));
    document.connection = reader.text(QStringLiteral("connection"));
    document.sql = reader.text(QStringLiteral("sql"));
    document.plotColumn = reader.text(QStringLiteral("plotColumn"));
    document.unknown = reader.rest();
    return document;
}

QJsonObject QueryDocument::toJson() const
{
    QJsonObject json = unknown;
    json.insert(QStringLiteral("id"), id);
    json.insert(QStringLiteral("name"), name);
    put(json, QStringLiteral("connection"), connection);
    json.insert(QStringLiteral("sql"), sql);
    put(json, QStringLiteral("plotColumn"), plotColumn);
    return json;
}

FilterDocument FilterDocument::fromJson(const QJsonObject& json)
{
    Reader reader(json);
    FilterDocument document;
    document.id = reader.text(QStringLiteral("id"));
    document.name = reader.text(QStringLiteral("name"));
    document.topic = reader.text(QStringLiteral("topic"));
    document.sql = reader.text(QStringLiteral("sql"));
    document.colour = reader.text(QStringLiteral("colour"));
    document.unknown = reader.rest();
    return document;
}

QJsonObject FilterDocument::toJson() const
{
    QJsonObject json = unknown;
    json.insert(QStringLiteral("id"), id);
    json.insert(QStringLiteral("name"), name);
    json.insert(QStringLiteral("topic"), topic);
    json.insert(QStringLiteral("sql"), sql);
    put(json, QStringLiteral("colour"), colour);
    return json;
}

MarkDocument MarkDocument::fromJson(const QJsonObject& json)
{
    Reader reader(json);
    MarkDocument document;
    document.id = reader.text(QStringLiteral("id"));
    document.connection = reader.text(QStringLiteral("connection"));
    document.topic = reader.text(QStringLiteral("topic"));
    document.partition = reader.number(QStringLiteral("partition"), 0, 0, INT_MAX);
    document.offset = reader.position(QStringLiteral("offset"));
    document.comment = reader.text(QStringLiteral("comment"));
    document.unknown = reader.rest();
    return document;
}

QJsonObject MarkDocument::toJson() const
{
    QJsonObject json = unknown;
    json.insert(QStringLiteral("id"), id);
    json.insert(QStringLiteral("connection"), connection);
    json.insert(QStringLiteral("topic"), topic);
    json.insert(QStringLiteral("partition"), partition);
    json.insert(QStringLiteral("offset"), offset);
    put(json, QStringLiteral("comment"), comment);
    return json;
}

DashboardPanelDocument DashboardPanelDocument::fromJson(const QJsonObject& json)
{
    Reader reader(json);
    DashboardPanelDocument document;
    document.kind = reader.text(QStringLiteral("kind"));
    document.title = reader.text(QStringLiteral("title"));
    document.connection = reader.text(QStringLiteral("connection"));
    document.topic = reader.text(QStringLiteral("topic"));
    document.latencyField = reader.text(QStringLiteral("latencyField"));
    document.sql = reader.text(QStringLiteral("sql"));
    document.plotColumn = reader.text(QStringLiteral("plotColumn"));
    document.place = placeOf(reader.object(QStringLiteral("place")));
    document.unknown = reader.rest();
    return document;
}

QJsonObject DashboardPanelDocument::toJson() const
{
    QJsonObject json = unknown;
    json.insert(QStringLiteral("kind"), kind);
    put(json, QStringLiteral("title"), title);
    put(json, QStringLiteral("connection"), connection);
    put(json, QStringLiteral("topic"), topic);
    put(json, QStringLiteral("latencyField"), latencyField);
    put(json, QStringLiteral("sql"), sql);
    put(json, QStringLiteral("plotColumn"), plotColumn);
    if (place.row >= 0)
        json.insert(QStringLiteral("place"), weir::toJson(place));
    return json;
}

DashboardDocument DashboardDocument::fromJson(const QJsonObject& json)
{
    Reader reader(json);
    DashboardDocument document;
    document.id = reader.text(QStringLiteral("id"));
    document.name = reader.text(QStringLiteral("name"));
    document.rangeSeconds = reader.number(QStringLiteral("rangeSeconds"), 900, 10, 86'400);
    document.linkedCursor = reader.flag(QStringLiteral("linkedCursor"), true);
    for (const QJsonValue& panel : reader.list(QStringLiteral("panels"))) {
        if (panel.isObject())
            document.panels.append(DashboardPanelDocument::fromJson(panel.toObject()));
    }
    document.unknown = reader.rest();
    return document;
}

QJsonObject DashboardDocument::toJson() const
{
    QJsonObject json = unknown;
    json.insert(QStringLiteral("id"), id);
    json.insert(QStringLiteral("name"), name);
    json.insert(QStringLiteral("rangeSeconds"), rangeSeconds);
    json.insert(QStringLiteral("linkedCursor"), linkedCursor);
    QJsonArray list;
    for (const DashboardPanelDocument& panel : panels)
        list.append(panel.toJson());
    json.insert(QStringLiteral("panels"), list);
    return json;
}

WindowDocument WindowDocument::fromJson(const QJsonObject& json)
{
    Reader reader(json);
    WindowDocument document;
    document.geometry = reader.bytes(QStringLiteral("geometry"));
    document.state = reader.bytes(QStringLiteral("state"));
    document.theme = reader.text(QStringLiteral("theme"), QStringLiteral("dark"));
    for (const QJsonValue& value : reader.list(QStringLiteral("tabs"))) {
        const QJsonObject tab = value.toObject();
        const TabDocument known{tab.value(QStringLiteral("kind")).toString(),
            tab.value(QStringLiteral("connection")).toString(), tab.value(QStringLiteral("name")).toString(),
            tab.value(QStringLiteral("view")).toObject()};
        if (!known.kind.isEmpty())
            document.tabs.append(known);
    }
    document.currentTab = reader.number(QStringLiteral("currentTab"), -1, -1, 10'000);
    document.unknown = reader.rest();
    return document;
}

QJsonObject WindowDocument::toJson() const
{
    QJsonObject json = unknown;
    json.insert(QStringLiteral("geometry"), QString::fromLatin1(geometry.toBase64()));
    json.insert(QStringLiteral("state"), QString::fromLatin1(state.toBase64()));
    json.insert(QStringLiteral("theme"), theme);
    QJsonArray list;
    for (const TabDocument& tab : tabs) {
        QJsonObject entry;
        entry.insert(QStringLiteral("kind"), tab.kind);
        put(entry, QStringLiteral("connection"), tab.connection);
        put(entry, QStringLiteral("name"), tab.name);
        if (!tab.view.isEmpty())
            entry.insert(QStringLiteral("view"), tab.view);
        list.append(entry);
    }
    json.insert(QStringLiteral("tabs"), list);
    json.insert(QStringLiteral("currentTab"), currentTab);
    return json;
}

QString newDocumentId()
{
    return QUuid::createUuid().toString(QUuid::WithoutBraces);
}

} // namespace weir
