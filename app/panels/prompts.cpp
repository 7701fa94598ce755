// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/prompts.h"

#include <QInputDialog>
#include <QMessageBox>
#include <QPushButton>

namespace weir {

namespace {

bool confirm(QWidget* parent, const QString& question, const QString& action)
{
    QMessageBox box(QMessageBox::Question, action, {}, QMessageBox::Cancel, parent);
    box.setTextFormat(Qt::PlainText);
    box.setText(question);
    const QPushButton* yes = box.addButton(action, QMessageBox::DestructiveRole);
    box.setDefaultButton(QMessageBox::Cancel);
    box.exec();
    return box.clickedButton() == yes;
}

QString askName(QWidget* parent, const QString& title, const QString& value)
{
    return QInputDialog::getText(parent, title, QObject::tr("Name"), QLineEdit::Normal, value).trimmed();
}

} // namespace

Prompts dialogPrompts()
{
    return {confirm, askName};
}

} // namespace weir
