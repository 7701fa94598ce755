// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/help_window.h"

#include <QFile>
#include <QTextBrowser>
#include <QVBoxLayout>

namespace weir {

HelpWindow::HelpWindow(QWidget* parent) : QDialog(parent)
{
    setWindowTitle(tr("Help"));
    resize(820, 680);
    auto* layout = new QVBoxLayout(this);
    auto* text = new QTextBrowser;
    text->setOpenLinks(false); // our own page; it leads nowhere outside
    QFile page(QStringLiteral(":/help/help.md"));
    if (page.open(QIODevice::ReadOnly))
        text->setMarkdown(QString::fromUtf8(page.readAll()));
    layout->addWidget(text);
}

} // namespace weir
