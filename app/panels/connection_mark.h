// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/models/connection_tree.h"

#include <QWidget>

namespace weir {

/// How a connection stands wherever it is named: chip, name, environment and its lock. Also what a new connection will
/// stand as, before it is saved. GUI thread.
class ConnectionMark : public QWidget
{
    Q_OBJECT
public:
    explicit ConnectionMark(QWidget* parent = nullptr);

    enum class Lock { NotConnected, ReadOnly, Writable };

    void show(const ConnectionDocument& document, Lock lock);
    Lock lock() const { return m_lock; }
    void showNone();
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString lockText() const;
    void changed();

    QString m_name;
    QString m_environment;
    int m_colour = -1; ///< -1: no connection
    Lock m_lock = Lock::NotConnected;
};

} // namespace weir
