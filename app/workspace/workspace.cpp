// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workspace/workspace.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QRegularExpression>
#include <QStandardPaths>

#include <algorithm>

namespace weir {

namespace {

const DocumentKind connectionsKind{QStringLiteral("connections"), 1};
const DocumentKind dashboardKind{QStringLiteral("dashboard"), 1};
const DocumentKind queryKind{QStringLiteral("query"), 1};
const DocumentKind filterKind{QStringLiteral("filter"), 1};
const DocumentKind markKind{QStringLiteral("mark"), 1};
const DocumentKind windowKind{QStringLiteral("window"), 1};

const QString dashboardsFolder = QStringLiteral("dashboards");
const QString queriesFolder = QStringLiteral("queries");
const QString filtersFolder = QStringLiteral("filters");
const QString marksFolder = QStringLiteral("marks");

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

/// Filters are always kept.
template <typename Document>
bool isKept(const Document& document)
{
    if constexpr (requires { document.temporary; })
        return !document.temporary;
    else
        return true;
}

QString fileOf(const QString& folder, const QString& id)
{
    return QStringLiteral("%1/%2.json").arg(folder, id);
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

void Workspace::write(const QString& file, const DocumentKind& kind, const QJsonObject& body)
{
    if (m_untouchable.contains(file))
        m_failures.append(
            QStringLiteral("%1 is not saved: it could not be read and is not overwritten.").arg(path(file)));
    else
        m_writer.write(path(file), kind, body);
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
            if (!document.bootstrapServers.isEmpty() || !document.capture.isEmpty())
                m_connections.append(document);
        }
        json->remove(QStringLiteral("weir"));
        json->remove(QStringLiteral("version"));
        m_connectionsUnknown = *json;
    }
    m_dashboards = readFolder<DashboardDocument>(dashboardsFolder, dashboardKind);
    m_queries = readFolder<QueryDocument>(queriesFolder, queryKind);
    m_filters = readFolder<FilterDocument>(filtersFolder, filterKind);
    m_marks = readFolder<MarkDocument>(marksFolder, markKind);
    m_window = {};
    if (const std::optional<QJsonObject> json = readOrKeepAside(QStringLiteral("window.json"), windowKind))
        m_window = WindowDocument::fromJson(*json);
}

const ConnectionDocument* Workspace::connection(const QString& id) const
{
    return findConst(m_connections, id);
}

const DashboardDocument* Workspace::dashboard(const QString& id) const
{
    return findConst(m_dashboards, id);
}

const QueryDocument* Workspace::query(const QString& id) const
{
    return findConst(m_queries, id);
}

QString Workspace::saveConnection(ConnectionDocument document)
{
    if (!isSafeId(document.id))
        document.id = newDocumentId();
    replaceOrAppend(m_connections, document);
    if (!document.temporary)
        writeConnections();
    return document.id;
}

void Workspace::removeConnection(const QString& id)
{
    const ConnectionDocument* document = connection(id);
    const bool written = document && !document->temporary;
    m_connections.removeIf([&](const ConnectionDocument& one) { return one.id == id; });
    if (written)
        writeConnections();
}

void Workspace::writeConnections()
{
    QJsonArray list;
    for (const ConnectionDocument& document : m_connections) {
        if (!document.temporary)
            list.append(document.toJson());
    }
    QJsonObject body = m_connectionsUnknown;
    body.insert(QStringLiteral("connections"), list);
    write(QStringLiteral("connections.json"), connectionsKind, body);
}

template <typename Document>
QString Workspace::saveIn(
    const QString& folder, QList<Document>& documents, const DocumentKind& kind, Document document)
{
    if (!isSafeId(document.id))
        document.id = newDocumentId();
    replaceOrAppend(documents, document);
    if (isKept(document))
        write(fileOf(folder, document.id), kind, document.toJson());
    return document.id;
}

template <typename Document>
void Workspace::removeFrom(const QString& folder, QList<Document>& documents, const QString& id)
{
    if (documents.removeIf([&](const Document& document) { return document.id == id; }) > 0)
        m_writer.remove(path(fileOf(folder, id)));
}

QString Workspace::saveDashboard(DashboardDocument document)
{
    return saveIn(dashboardsFolder, m_dashboards, dashboardKind, std::move(document));
}

void Workspace::removeDashboard(const QString& id)
{
    removeFrom(dashboardsFolder, m_dashboards, id);
}

QString Workspace::saveQuery(QueryDocument document)
{
    return saveIn(queriesFolder, m_queries, queryKind, std::move(document));
}

void Workspace::removeQuery(const QString& id)
{
    removeFrom(queriesFolder, m_queries, id);
}

QString Workspace::saveFilter(FilterDocument document)
{
    return saveIn(filtersFolder, m_filters, filterKind, std::move(document));
}

void Workspace::removeFilter(const QString& id)
{
    removeFrom(filtersFolder, m_filters, id);
}

QString Workspace::saveMark(MarkDocument document)
{
    return saveIn(marksFolder, m_marks, markKind, std::move(document));
}

void Workspace::removeMark(const QString& id)
{
    removeFrom(marksFolder, m_marks, id);
}

void Workspace::saveWindow(const WindowDocument& document)
{
    m_window = document;
    write(QStringLiteral("window.json"), windowKind, document.toJson());
}

QStringList Workspace::takeFailures()
{
    return std::exchange(m_failures, {}) + m_writer.takeFailures();
}

} // namespace weir
