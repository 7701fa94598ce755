// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/panels/filter_line.h"

#include "app/panels/sql_language.h"
#include "widgets/editor/completion_popup.h"
#include "widgets/style/format.h"
#include "widgets/style/roles.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QStyle>
#include <QVBoxLayout>

namespace weir {

namespace {

constexpr int judgedAfterMs = 120; ///< without a key
enum Verdict { Empty, Valid, Wrong, Unknown };

bool isWordCharacter(QChar c)
{
    return c.isLetterOrNumber() || c == QLatin1Char('_') || c == QLatin1Char('`');
}

QString countText(std::size_t count)
{
    return format::grouped(static_cast<std::int64_t>(count));
}

} // namespace

FilterLine::FilterLine(QWidget* parent) : QWidget(parent)
{
    auto* lines = new QVBoxLayout(this);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(3);
    auto* layout = new QHBoxLayout;
    layout->setSpacing(8);
    lines->addLayout(layout);
    m_edit = new QLineEdit;
    style::setRole(m_edit, style::Role::Data);
    m_edit->setPlaceholderText(tr("WHERE amount > 100 AND status = 'PAID'   ( / )"));
    m_edit->setAccessibleName(tr("Filter, SQL as behind WHERE"));
    m_edit->setClearButtonEnabled(true);
    m_edit->installEventFilter(this);
    m_words = style::label({}, style::Role::Secondary);
    m_fault = style::label({}, style::Role::Error);
    m_fault->setWordWrap(true);
    layout->addWidget(m_edit, 1);
    layout->addWidget(m_words);
    lines->addWidget(m_fault);
    m_popup = new editor::CompletionPopup(this);
    connect(m_popup, &editor::CompletionPopup::picked, this, &FilterLine::complete);
    m_pause.setSingleShot(true);
    m_pause.setInterval(judgedAfterMs);
    connect(&m_pause, &QTimer::timeout, this, &FilterLine::judge);
    connect(m_edit, &QLineEdit::textEdited, this, [this] {
        m_waiting = false;
        m_pause.start();
        offerCompletions();
    });
    // The cross in the field takes the filter away at once.
    connect(m_edit, &QLineEdit::textChanged, this, [this](const QString& text) {
        if (text.isEmpty() && m_filter)
            clear();
    });
    judge();
}

FilterLine::~FilterLine() = default;

void FilterLine::setTable(std::shared_ptr<const FilterTable> table)
{
    m_table = std::move(table);
    judge();
    if (m_waiting && m_table)
        apply();
}

QString FilterLine::text() const
{
    return m_edit->text().trimmed();
}

void FilterLine::setText(const QString& text)
{
    m_edit->setText(text);
    judge();
}

void FilterLine::addCondition(const QString& condition)
{
    const QString before = text();
    setText(before.isEmpty() ? condition : before + QStringLiteral(" AND ") + condition);
}

void FilterLine::focusText()
{
    m_edit->setFocus(Qt::ShortcutFocusReason);
    m_edit->selectAll();
}

bool FilterLine::apply()
{
    m_popup->hide();
    if (text().isEmpty()) {
        clear();
        return true;
    }
    if (m_judged != text() || !m_verdict.filter)
        judge();
    m_waiting = !m_table;
    if (!m_verdict.filter)
        return false;
    m_filter = m_verdict.filter;
    m_filterText = text();
    emit applied();
    return true;
}

void FilterLine::clear()
{
    const bool had = m_filter != nullptr;
    m_filter = nullptr;
    m_filterText.clear();
    m_waiting = false;
    if (!m_edit->text().isEmpty())
        m_edit->clear();
    judge();
    if (had)
        emit applied();
}

void FilterLine::judge()
{
    m_pause.stop();
    m_judged = text();
    m_verdict = {};
    if (m_judged.isEmpty()) {
        tell({}, Empty, {});
    } else if (!m_table) {
        tell(tr("reading the fields …"), Unknown, {});
    } else {
        m_verdict = judgeFilter(*m_table, {m_judged.toStdString(), {}});
        if (!m_verdict.filter) {
            const QString where =
                m_verdict.problems.empty() ? QString() : tr("column %1: ").arg(m_verdict.problems.front().span.column);
            const QString hint =
                m_verdict.problems.empty() ? QString() : QString::fromStdString(m_verdict.problems.front().hint);
            tell(where + QString::fromStdString(m_verdict.error->message), Wrong, hint);
        } else {
            const TriedFilter tried = tryFilter(*m_table, *m_verdict.filter);
            QString words = tr("valid, %1 of %2 sampled").arg(countText(tried.matching), countText(tried.records));
            if (tried.undecided > 0)
                words += tr(", %1 undecided").arg(countText(tried.undecided));
            tell(words, Valid, tr("Press Return to put it into force"));
        }
    }
    emit verdictChanged();
}

/// What is wrong has a line of its own, since it takes room.
void FilterLine::tell(const QString& words, int state, const QString& hint)
{
    style::setRole(m_words, state == Valid ? style::Role::Ok : style::Role::Warn);
    m_words->setText(state == Wrong ? QString() : words);
    m_words->setToolTip(hint);
    m_words->setVisible(state == Valid || state == Unknown);
    m_fault->setText(hint.isEmpty() ? words : words + QLatin1Char(' ') + hint);
    m_fault->setVisible(state == Wrong);
    m_edit->setProperty("verdict", state == Valid ? "valid" : state == Wrong ? "wrong" : "none");
    m_edit->style()->unpolish(m_edit);
    m_edit->style()->polish(m_edit);
}

int FilterLine::wordBegin() const
{
    const QString text = m_edit->text();
    int begin = m_edit->cursorPosition();
    while (begin > 0 && isWordCharacter(text[begin - 1]))
        --begin;
    return begin;
}

/// Completes in the condition as it stands in its statement.
void FilterLine::offerCompletions()
{
    const int begin = wordBegin();
    const QString prefix = m_edit->text().mid(begin, m_edit->cursorPosition() - begin);
    if (!m_table || prefix.isEmpty()) {
        m_popup->hide();
        return;
    }
    const QByteArray before = QByteArray::fromStdString(m_table->ddl()) + "SELECT 1 FROM records WHERE ";
    const QByteArray typed = m_edit->text().left(m_edit->cursorPosition()).toUtf8();
    const QByteArray whole = before + m_edit->text().toUtf8();
    const auto items = flinkSql().complete(whole, prefix.toUtf8(), before.size() + typed.size());
    const bool nothingNew = items.empty() || (items.size() == 1 && items.front().text == prefix);
    if (nothingNew || !m_edit->hasFocus()) {
        m_popup->hide();
        return;
    }
    const QRect cursor = m_edit->inputMethodQuery(Qt::ImCursorRectangle).toRect();
    const QRect line(m_edit->mapToGlobal(cursor.topLeft()), QSize(1, cursor.height()));
    m_popup->showItems(items, line);
}

void FilterLine::complete(const QString& text)
{
    m_popup->hide();
    const int begin = wordBegin();
    m_edit->setSelection(begin, m_edit->cursorPosition() - begin);
    m_edit->insert(text);
    judge();
}

bool FilterLine::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::FocusOut)
        m_popup->hide();
    if (event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const auto* key = static_cast<QKeyEvent*>(event);
    const bool choosing = m_popup->isVisible();
    switch (key->key()) {
    case Qt::Key_Down:
    case Qt::Key_Up:
        if (choosing)
            m_popup->move(key->key() == Qt::Key_Down ? 1 : -1);
        return choosing;
    case Qt::Key_Tab:
        if (choosing)
            complete(m_popup->chosen());
        return choosing;
    case Qt::Key_Escape:
        if (choosing)
            m_popup->hide();
        else
            setText(m_filterText); // back to what is in force
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if ((key->modifiers() & Qt::ControlModifier) != 0)
            emit searchRequested();
        else
            apply();
        return true;
    case Qt::Key_Space:
        if ((key->modifiers() & Qt::ControlModifier) == 0)
            return false;
        offerCompletions();
        return true;
    default:
        return false;
    }
}

} // namespace weir
