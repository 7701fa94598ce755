// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/pipeline/reaper.h"
#include "app/main_window.h"

#include <QTemporaryDir>

namespace weir::test {

/// The window over documents of its own, with one connection that names a group by hand.
class Window
{
public:
    explicit Window(const std::string& address) : m_workspace(m_folder.path())
    {
        ConnectionDocument connection;
        connection.id = id;
        connection.name = id;
        connection.bootstrapServers = QString::fromStdString(address);
        connection.namedGroups = QStringList{"nobody", "walkers"};
        m_workspace.saveConnection(connection);
        const auto budget = std::make_shared<MemoryBudget>(std::size_t{256} << 20);
        MainWindow::Setup setup{m_workspace, budget, SystemClock::instance()};
        setup.buffers = LiveBuffers::open({m_cache.path().toStdString(), 0, {}}, budget, SystemClock::instance());
        m_window = std::make_unique<MainWindow>(std::move(setup));
        m_window->restore();
        m_window->show();
    }
    ~Window()
    {
        m_window->close();
        m_window.reset();
        Reaper::instance().drain(std::chrono::seconds(10));
    }
    MainWindow& operator*() { return *m_window; }
    MainWindow* operator->() { return m_window.get(); }

    static inline const QString id = QStringLiteral("real");

private:
    QTemporaryDir m_folder;
    QTemporaryDir m_cache;
    Workspace m_workspace;
    std::unique_ptr<MainWindow> m_window;
};

} // namespace weir::test
