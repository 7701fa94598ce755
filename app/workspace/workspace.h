// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/workspace/document_writer.h"
#include "app/workspace/documents.h"

#include <QSet>

namespace weir {

/// All documents of one directory. GUI thread. Nothing is written but by the save… and remove… functions, which do not
/// wait for the disk: what is asked for here is what the next question sees, and takeFailures() tells what the disk
/// refused. Temporary documents are kept here and never written.
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
    const QList<FilterDocument>& filters() const { return m_filters; }
    const QList<MarkDocument>& marks() const { return m_marks; }
    const WindowDocument& window() const { return m_window; }
    const ConnectionDocument* connection(const QString& id) const;
    const DashboardDocument* dashboard(const QString& id) const;
    const QueryDocument* query(const QString& id) const;

    /// Adds, or replaces the one with the same id, which is returned. A document without an id gets one.
    QString saveConnection(ConnectionDocument document);
    void removeConnection(const QString& id);
    QString saveDashboard(DashboardDocument document);
    void removeDashboard(const QString& id);
    QString saveQuery(QueryDocument document);
    void removeQuery(const QString& id);
    QString saveFilter(FilterDocument document);
    void removeFilter(const QString& id);
    QString saveMark(MarkDocument document);
    void removeMark(const QString& id);
    void saveWindow(const WindowDocument& document);

    /// What could not be written since the last call, a sentence each.
    QStringList takeFailures();
    /// *Blocks* until everything is on disk: at the end of the program, and in tests.
    void flush() { m_writer.flush(); }

private:
    void writeConnections();
    QString path(const QString& name) const;
    std::optional<QJsonObject> readOrKeepAside(const QString& file, const DocumentKind& kind);
    void write(const QString& file, const DocumentKind& kind, const QJsonObject& body);
    template <typename Document>
    QList<Document> readFolder(const QString& folder, const DocumentKind& kind);
    /// The document's id, a new one if it had none that can name a file.
    template <typename Document>
    QString saveIn(const QString& folder, QList<Document>& documents, const DocumentKind& kind, Document document);
    template <typename Document>
    void removeFrom(const QString& folder, QList<Document>& documents, const QString& id);

    QString m_directory;
    QStringList m_messages;
    QSet<QString> m_untouchable; ///< could neither be read nor renamed: never overwritten
    QList<ConnectionDocument> m_connections;
    QJsonObject m_connectionsUnknown;
    QList<DashboardDocument> m_dashboards;
    QList<QueryDocument> m_queries;
    QList<FilterDocument> m_filters;
    QList<MarkDocument> m_marks;
    WindowDocument m_window;
    QStringList m_failures;
    DocumentWriter m_writer;
};

} // namespace weir
