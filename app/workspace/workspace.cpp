// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workspace/workspace.h"

#include <QDir>
#include <QJsonArray>
#include <QRegularExpression>
#include <QStandardPaths>

#include <algorithm>

namespace weir {

namespace {

const DocumentKind connectionsKind{QStringLiteral("connections"), 1};
const DocumentKind dashboardKind{QStringLiteral("dashboard"), 1};
const DocumentKind queryKind{QStringLiteral("query"), 1};
const DocumentKind windowKind{QStringLiteral("window"), 1};

/// Ids become file names and come from files that anybody may have written.
bool isSafeId(const QString& id)
{
    static const QRegularExpression safe(QStringLiteral("^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$"));
    return safe.match(id).hasMatch();
}

template <typename Document>
Document* find(QList<Document>& documents, const QString& id)
{
    const auto found = std::find_if(documents.begin(), documents.end(), [&](const Document& d) { return d.id == id; });
    return found == documents.end() ? nullptr : &*found;
}

template <typename Document>
const Document* findConst(const QList<Document>& documents, const QString& id)
{
    const auto found = std::find_if(documents.begin(), documents.end(), [&](const Document& d) { return d.id == id; });
    return found == documents.end() ? nullptr : &*found;
}

template <typename Document>
void replaceOrAppend(QList<Document>& documents, const Document& document)
{
    if (Document* old = find(documents, document.id))
        *old = document;
    else
        documents.append(document);
}

} // namespace

Workspace::Workspace(const QString& directory)
    : m_directory(directory.isEmpty()
            ? QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) + QStringLiteral("/weir")
            : directory)
{ }

QString Workspace::path(const QString& name) const
{
    return m_directory + QLatin1Char('/') + name;
}

std::optional<QJsonObject> Workspace::readOrKeepAside(const QString& file, const DocumentKind& kind)
{
    const Result<QJsonObject> document = readDocument(path(file), kind);
    if (document)
        return *document;
    if (document.error().kind == ErrorKind::NotFound)
        return std::nullopt;
    const QString why = QString::fromStdString(document.error().message);
    const Result<QString> aside = keepAside(path(file));
    if (aside) {
        m_messages.append(
            QStringLiteral("%1 could not be read: %2. It was kept as %3, and the rest goes on without it.")
                .arg(file, why, QFileInfo(*aside).fileName()));
    } else {
        m_untouchable.insert(file);
        m_messages.append(
            QStringLiteral("%1 could not be read: %2. It stays as it is; changes to it are not saved.").arg(file, why));
    }
    return std::nullopt;
}

Result<void> Workspace::write(const QString& file, const DocumentKind& kind, const QJsonObject& body) const
{
    if (m_untouchable.contains(file))
        return Error{ErrorKind::Io, "it could not be read and is therefore not overwritten", path(file).toStdString()};
    return writeDocument(path(file), kind, body);
}

template <typename Document>
QList<Document> Workspace::readFolder(const QString& folder, const DocumentKind& kind)
{
    QList<Document> documents;
    const QStringList files = QDir(path(folder)).entryList({QStringLiteral("*.json")}, QDir::Files, QDir::Name);
    for (const QString& file : files) {
        const std::optional<QJsonObject> json = readOrKeepAside(folder + QLatin1Char('/') + file, kind);
        if (!json)
            continue;
        Document document = Document::fromJson(*json);
        // The file name is the id: a copied file is another document.
        document.id = file.chopped(5);
        if (isSafeId(document.id))
            documents.append(document);
        else
            m_messages.append(QStringLiteral("%1/%2 was left out: its name is no document's name.").arg(folder, file));
    }
    return documents;
}

void Workspace::load()
{
    m_messages.clear();
    m_untouchable.clear();
    m_connections.clear();
    if (std::optional<QJsonObject> json = readOrKeepAside(QStringLiteral("connections.json"), connectionsKind)) {
        for (const QJsonValue& value : json->take(QStringLiteral("connections")).toArray()) {
            ConnectionDocument document = ConnectionDocument::fromJson(value.toObject());
            if (!isSafeId(document.id) || find(m_connections, document.id))
                document.id = newDocumentId();
            if (!document.bootstrapServers.isEmpty())
                m_connections.append(document);
        }
        json->remove(QStringLiteral("weir"));
        json->remove(QStringLiteral("version"));
        m_connectionsUnknown = *json;
    }
    m_dashboards = readFolder<DashboardDocument>(QStringLiteral("dashboards"), dashboardKind);
    m_queries = readFolder<QueryDocument>(QStringLiteral("queries"), queryKind);
    m_window = {};
    if (const std::optional<QJsonObject> json = readOrKeepAside(QStringLiteral("window.json"), windowKind))
        m_window = WindowDocument::fromJson(*json);
}

const DashboardDocument* Workspace::dashboard(const QString& id) const
{
    return findConst(m_dashboards, id);
}

const QueryDocument* Workspace::query(const QString& id) const
{
    return findConst(m_queries, id);
}

Result<QString> Workspace::saveConnection(ConnectionDocument document)
{
    if (!isSafeId(document.id))
        document.id = newDocumentId();
    replaceOrAppend(m_connections, document);
    if (const Result<void> written = writeConnections(); !written)
        return written.error();
    return document.id;
}

Result<void> Workspace::removeConnection(const QString& id)
{
    m_connections.removeIf([&](const ConnectionDocument& document) { return document.id == id; });
    return writeConnections();
}

Result<void> Workspace::writeConnections()
{
    QJsonArray list;
    for (const ConnectionDocument& document : m_connections)
        list.append(document.toJson());
    QJsonObject body = m_connectionsUnknown;
    body.insert(QStringLiteral("connections"), list);
    return write(QStringLiteral("connections.json"), connectionsKind, body);
}

Result<QString> Workspace::saveDashboard(DashboardDocument document)
{
    if (!isSafeId(document.id))
        document.id = newDocumentId();
    replaceOrAppend(m_dashboards, document);
    const QString file = QStringLiteral("dashboards/%1.json").arg(document.id);
    if (const Result<void> written = write(file, dashboardKind, document.toJson()); !written)
        return written.error();
    return document.id;
}

Result<void> Workspace::removeDashboard(const QString& id)
{
    if (!findConst(m_dashboards, id))
        return {};
    m_dashboards.removeIf([&](const DashboardDocument& document) { return document.id == id; });
    QFile file(path(QStringLiteral("dashboards/%1.json").arg(id)));
    if (file.exists() && !file.remove())
        return Error{ErrorKind::Io, file.errorString().toStdString(), file.fileName().toStdString()};
    return {};
}

Result<QString> Workspace::saveQuery(QueryDocument document)
{
    if (!isSafeId(document.id))
        document.id = newDocumentId();
    replaceOrAppend(m_queries, document);
    const QString file = QStringLiteral("queries/%1.json").arg(document.id);
    if (const Result<void> written = write(file, queryKind, document.toJson()); !written)
        return written.error();
    return document.id;
}

Result<void> Workspace::saveWindow(const WindowDocument& document)
{
    m_window = document;
    return write(QStringLiteral("window.json"), windowKind, document.toJson());
}

} // namespace weir
