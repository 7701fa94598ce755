// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QBoxLayout;
class QFrame;

namespace weir {

/// The first screen: what to do first, the keys worth knowing, and what Weir promises.
class WelcomePanel : public QWidget
{
    Q_OBJECT
public:
    explicit WelcomePanel(QWidget* parent = nullptr);

signals:
    void connectRequested();
    void demoRequested();

private:
    QWidget* createHead();
    QWidget* createCards();
    QWidget* createKeys();
    QWidget* createPromises();
};

} // namespace weir
