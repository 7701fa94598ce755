// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/latency_field_dialog.h"

#include "widgets/style/roles.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QLabel>
#include <QVBoxLayout>

namespace weir {

namespace {

QString recordTimestamp()
{
    return QObject::tr("record timestamp");
}

} // namespace

LatencyFieldDialog::LatencyFieldDialog(const PanelContext& context, const Asked& asked, QWidget* parent)
    : QDialog(parent), m_field(new QComboBox), m_note(style::label({}, style::Role::Caption))
{
    setWindowTitle(tr("Latency of %1").arg(asked.topic));
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(style::label(tr("Measure to receipt from")));
    m_field->setEditable(true);
    m_field->setAccessibleName(tr("Record timestamp, or a field of the value"));
    m_field->addItem(recordTimestamp());
    m_field->setCurrentText(asked.field.isEmpty() ? recordTimestamp() : asked.field);
    m_field->setMinimumWidth(320);
    layout->addWidget(m_field);
    m_note->setWordWrap(true);
    layout->addWidget(m_note);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    layout->addWidget(buttons);
    const std::shared_ptr<Session> session = context.connections.session(asked.connection);
    if (!session)
        return;
    m_note->setText(tr("Reading a sample for the names of fields …"));
    context.background.run(
        this, [session, topic = asked.topic.toStdString()] { return session->inferTable(topic); },
        [this](const Result<InferredTable>& inferred) { offerFields(inferred); });
}

void LatencyFieldDialog::offerFields(const Result<InferredTable>& inferred)
{
    if (!inferred) {
        m_note->setText(QString::fromStdString(inferred.error().text()));
        return;
    }
    const QString typed = m_field->currentText();
    for (const sql::TableColumn& column : inferred->table->columns) {
        const bool mayBeTime = column.type.isTimestamp() || column.type.isNumeric() || column.type.isString();
        if (mayBeTime && column.origin == sql::ColumnOrigin::Physical)
            m_field->addItem(QString::fromStdString(column.name));
    }
    m_field->setCurrentText(typed);
    m_note->setText(tr("A time as text, or a number of seconds, ms, µs or ns since 1970."));
}

QString LatencyFieldDialog::field() const
{
    const QString text = m_field->currentText().trimmed();
    return text == recordTimestamp() ? QString() : text;
}

} // namespace weir
