// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/panels/tab_panel.h"

namespace weir {

/// The first screen: what to do first, the keys worth knowing, and what Weir promises.
class WelcomePanel : public TabPanel
{
    Q_OBJECT
public:
    explicit WelcomePanel(QWidget* parent = nullptr);

    style::Icon icon() const override { return style::Icon::Star; }
    QString title() const override { return tr("Welcome"); }
    QList<QWidget*> panes() const override { return {m_connect}; }

signals:
    void connectRequested();
    void demoRequested();

private:
    QWidget* createHead();
    QWidget* createCards();
    QWidget* createKeys();
    QWidget* createPromises();

    QWidget* m_connect = nullptr; ///< the primary button
};

} // namespace weir
