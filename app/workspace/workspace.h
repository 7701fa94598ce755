// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workspace/document_file.h"
#include "app/workspace/documents.h"

#include <QSet>

namespace weir {

/// All documents of one directory. GUI thread. Nothing is written but by the save… and remove… functions.
class Workspace
{
public:
    /// `directory` empty: the user's configuration folder, `weir/` in it.
    explicit Workspace(const QString& directory = {});

    const QString& directory() const { return m_directory; }
    /// Reads everything there is. Files that cannot be read are kept aside; messages() says so.
    void load();
    /// What load() had to say, one sentence each.
    const QStringList& messages() const { return m_messages; }

    const QList<ConnectionDocument>& connections() const { return m_connections; }
    const QList<DashboardDocument>& dashboards() const { return m_dashboards; }
    const QList<QueryDocument>& queries() const { return m_queries; }
    const WindowDocument& window() const { return m_window; }
    const DashboardDocument* dashboard(const QString& id) const;
    const QueryDocument* query(const QString& id) const;

    /// Adds, or replaces the one with the same id. A document without an id gets one.
    Result<QString> saveConnection(ConnectionDocument document);
    Result<void> removeConnection(const QString& id);
    Result<QString> saveDashboard(DashboardDocument document);
    Result<void> removeDashboard(const QString& id);
    Result<QString> saveQuery(QueryDocument document);
    Result<void> saveWindow(const WindowDocument& document);

private:
    Result<void> writeConnections();
    QString path(const QString& name) const;
    std::optional<QJsonObject> readOrKeepAside(const QString& file, const DocumentKind& kind);
    Result<void> write(const QString& file, const DocumentKind& kind, const QJsonObject& body) const;
    template <typename Document>
    QList<Document> readFolder(const QString& folder, const DocumentKind& kind);

    QString m_directory;
    QStringList m_messages;
    QSet<QString> m_untouchable; ///< could neither be read nor renamed: never overwritten
    QList<ConnectionDocument> m_connections;
    QJsonObject m_connectionsUnknown;
    QList<DashboardDocument> m_dashboards;
    QList<QueryDocument> m_queries;
    WindowDocument m_window;
};

} // namespace weir
