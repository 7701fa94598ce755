// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/prompts.h"

#include <QDialogButtonBox>
#include <QFileDialog>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QVBoxLayout>

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

bool confirmByName(QWidget* parent, const NamedQuestion& question)
{
    QDialog dialog(parent);
    dialog.setWindowTitle(question.title);
    auto* layout = new QVBoxLayout(&dialog);
    auto* text = new QLabel(question.text);
    text->setTextFormat(Qt::PlainText);
    text->setWordWrap(true);
    text->setMinimumWidth(420);
    layout->addWidget(text);
    auto* name = new QLineEdit;
    name->setPlaceholderText(question.name);
    name->setAccessibleName(question.text);
    layout->addWidget(name);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    buttons->button(QDialogButtonBox::Cancel)->setIcon({}); // some desktops put a cross there
    QPushButton* go = buttons->addButton(question.action, QDialogButtonBox::AcceptRole);
    go->setEnabled(false);
    QObject::connect(name, &QLineEdit::textChanged, go,
        [go, wanted = question.name](const QString& typed) { go->setEnabled(typed.trimmed() == wanted); });
    QObject::connect(buttons, &QDialogButtonBox::accepted, &dialog, &QDialog::accept);
    QObject::connect(buttons, &QDialogButtonBox::rejected, &dialog, &QDialog::reject);
    layout->addWidget(buttons);
    return dialog.exec() == QDialog::Accepted;
}

QString chooseFolder(QWidget* parent, const QString& title, const QString& start)
{
    return QFileDialog::getExistingDirectory(parent, title, start);
}

/// Whether a file that is there is replaced, the panel asks.
QString chooseSaveFile(QWidget* parent, const QString& title, const QString& start)
{
    return QFileDialog::getSaveFileName(parent, title, start, {}, nullptr, QFileDialog::DontConfirmOverwrite);
}

} // namespace

Prompts dialogPrompts()
{
    return {confirm, askName, confirmByName, chooseFolder, chooseSaveFile};
}

} // namespace weir
