// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/read_form.h"

#include "widgets/style/format.h"
#include "widgets/style/roles.h"

#include <QComboBox>
#include <QDateTime>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>

namespace weir {

namespace {

const QString viewKey = QStringLiteral("view");
const QString rowsKey = QStringLiteral("rows");

} // namespace

ReadForm::ReadForm(QWidget* parent) : QWidget(parent)
{
    m_layout = new QGridLayout(this);
    m_layout->setContentsMargins(16, 12, 16, 12);
    m_layout->setHorizontalSpacing(12);
    m_layout->setColumnStretch(3, 1);
}

QLineEdit* ReadForm::addField(const QString& name, const QString& hint)
{
    auto* field = new QLineEdit;
    field->setPlaceholderText(hint);
    field->setAccessibleName(name);
    const int row = m_layout->rowCount();
    m_layout->addWidget(style::label(name, style::Role::Secondary), row, 0);
    m_layout->addWidget(field, row, 1, 1, 3);
    return field;
}

void ReadForm::addBehind(QLineEdit* field, const QList<QWidget*>& widgets)
{
    auto* line = new QHBoxLayout;
    const int index = m_layout->indexOf(field);
    int row = 0;
    int column = 0;
    int rows = 0;
    int columns = 0;
    m_layout->getItemPosition(index, &row, &column, &rows, &columns);
    m_layout->removeWidget(field);
    line->addWidget(field, 1);
    for (QWidget* widget : widgets)
        line->addWidget(widget);
    m_layout->addLayout(line, row, column, rows, columns);
}

QComboBox* ReadForm::addChoice(const QString& name, const Entries& entries)
{
    auto* box = new QComboBox;
    box->setAccessibleName(name);
    for (const auto& [key, text] : entries)
        box->addItem(text, QString::fromLatin1(key));
    const int row = m_layout->rowCount();
    m_layout->addWidget(style::label(name, style::Role::Secondary), row, 0);
    m_layout->addWidget(box, row, 1);
    return box;
}

QLineEdit* ReadForm::addTopics(const QString& name)
{
    m_topics = name.isEmpty() ? addField(tr("Topics"), tr("orders, payments")) : addField(name, tr("orders"));
    return m_topics;
}

QLineEdit* ReadForm::addWhere()
{
    m_where = addField(tr("Keep only"), tr("all records; or SQL as behind WHERE: amount > 100 AND key = 'k-7'"));
    style::setRole(m_where, style::Role::Data);
    return m_where;
}

void ReadForm::addRange(Begin begin)
{
    m_from = addChoice(tr("From"),
        {{"end", tr("now")}, {"beginning", tr("beginning")}, {"5", tr("5 min ago")}, {"60", tr("1 h ago")},
            {"1440", tr("1 d ago")}});
    m_until = addChoice(tr("Until"), {{"never", tr("stopped by hand")}, {"end", tr("the end as it is now")}});
    if (begin == Begin::Beginning) {
        m_from->setCurrentIndex(m_from->findData(QStringLiteral("beginning")));
        m_until->setCurrentIndex(m_until->findData(QStringLiteral("end")));
    }
}

void ReadForm::offerView(const Asked& asked)
{
    if (!asked.view || asked.view->folder().empty())
        return;
    m_view = asked.view;
    const qint64 rows = m_view->endRow() - m_view->firstRow();
    m_from->addItem(tr("what the view of %1 holds, %2 rows").arg(asked.topic, format::grouped(rows)), viewKey);
    if (!asked.takesView)
        return;
    m_from->setCurrentIndex(m_from->count() - 1);
    m_until->setCurrentIndex(m_until->findData(QStringLiteral("end")));
}

void ReadForm::offerRows(const Asked& asked)
{
    if (!asked.chosen.rows || asked.chosen.count == 0)
        return;
    m_rows = asked.chosen;
    m_from->addItem(tr("the %1 rows chosen in the view").arg(format::grouped(m_rows.count)), rowsKey);
    m_from->setCurrentIndex(m_from->count() - 1);
    m_until->setCurrentIndex(m_until->findData(QStringLiteral("end")));
}

std::optional<ChosenRows> ReadForm::rows() const
{
    const bool taken = m_rows.rows && m_from->currentData().toString() == rowsKey;
    return taken ? std::optional(m_rows) : std::nullopt;
}

std::string ReadForm::view() const
{
    return m_view && m_from->currentData().toString() == viewKey ? m_view->folder() : std::string();
}

void ReadForm::setTopics(const QString& topics)
{
    m_topics->setText(topics);
}

QString ReadForm::topics() const
{
    return m_topics->text();
}

std::string ReadForm::where() const
{
    return m_where->text().trimmed().toStdString();
}

std::string ReadForm::from() const
{
    return m_from->currentData().toString().toStdString();
}

std::string ReadForm::until() const
{
    return m_until->currentData().toString().toStdString();
}

Result<std::vector<ReadRequest>> ReadForm::requests(EpochMs now) const
{
    std::vector<ReadRequest> requests;
    const std::int64_t minutes = m_from->currentData().toString().toLongLong();
    for (const QString& topic : m_topics->text().split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        ReadRequest one;
        one.topic = topic.trimmed().toStdString();
        if (one.topic.empty())
            continue;
        if (minutes > 0)
            one.start = FromTime{now - minutes * 60'000};
        else if (from() == "beginning" || !view().empty())
            one.start = FromBeginning{};
        if (until() == "end")
            one.stop = UntilEnd{};
        requests.push_back(std::move(one));
    }
    if (requests.empty())
        return Error{ErrorKind::InvalidInput, "name at least one topic.", "Topics"};
    return requests;
}

QString freshName(const QString& topic, const QString& otherwise)
{
    const QString time = QDateTime::currentDateTime().toString(QStringLiteral("yyyyMMdd-HHmmss"));
    return (topic.isEmpty() ? otherwise : topic) + QLatin1Char('-') + time;
}

} // namespace weir
