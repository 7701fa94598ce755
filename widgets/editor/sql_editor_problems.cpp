// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/editor/editor_marks.h"
#include "widgets/editor/problems_bar.h"
#include "widgets/editor/sql_editor.h"

#include <Qsci/qsciscintilla.h>

#include <algorithm>

namespace weir::editor {

void SqlEditor::setProblems(std::vector<EditorProblem> problems)
{
    m_problems = std::move(problems);
    m_bar->setProblems(m_problems);
    drawProblems();
}

void SqlEditor::drawProblems()
{
    const qint64 all = length();
    m_area->markerDeleteAll();
    for (int severity = 0; severity < marks::severities; ++severity) {
        m_area->SendScintilla(
            QsciScintilla::SCI_SETINDICATORCURRENT, static_cast<unsigned long>(marks::firstIndicator + severity));
        m_area->SendScintilla(QsciScintilla::SCI_INDICATORCLEARRANGE, 0, static_cast<long>(all));
    }
    for (const EditorProblem& problem : m_problems) {
        qint64 begin = std::clamp<qint64>(problem.offset, 0, all);
        // Something missing has no length of its own: its squiggle stands under what is before or after it.
        const qint64 end = std::clamp<qint64>(begin + std::max<qint64>(problem.length, 1), begin, all);
        if (begin == end && begin > 0)
            --begin;
        const int severity = static_cast<int>(problem.severity);
        m_area->SendScintilla(
            QsciScintilla::SCI_SETINDICATORCURRENT, static_cast<unsigned long>(marks::firstIndicator + severity));
        m_area->SendScintilla(
            QsciScintilla::SCI_INDICATORFILLRANGE, static_cast<unsigned long>(begin), static_cast<long>(end - begin));
        m_area->markerAdd(std::clamp(problem.line, 1, std::max(m_area->lines(), 1)) - 1, severity);
    }
}

bool SqlEditor::goToNextProblem(bool forward)
{
    if (m_problems.empty())
        return false;
    std::vector<qint64> places;
    for (const EditorProblem& problem : m_problems)
        places.push_back(problem.offset);
    std::sort(places.begin(), places.end());
    const qint64 here = cursorOffset();
    qint64 target = forward ? places.front() : places.back();
    if (forward) {
        const auto next = std::upper_bound(places.begin(), places.end(), here);
        target = next == places.end() ? target : *next;
    } else {
        const auto next = std::lower_bound(places.begin(), places.end(), here);
        target = next == places.begin() ? target : *std::prev(next);
    }
    setCursorOffset(target);
    return true;
}

int SqlEditor::problemAt(qint64 offset) const
{
    const auto found = std::find_if(m_problems.begin(), m_problems.end(), [offset](const EditorProblem& problem) {
        return offset >= problem.offset && offset <= problem.offset + std::max<qint64>(problem.length, 1);
    });
    return found == m_problems.end() ? -1 : static_cast<int>(found - m_problems.begin());
}

QString SqlEditor::hoverText(const QPoint& position) const
{
    const long offset = m_area->SendScintilla(
        QsciScintilla::SCI_POSITIONFROMPOINTCLOSE, static_cast<unsigned long>(position.x()), long(position.y()));
    const int found = offset < 0 ? -1 : problemAt(offset);
    if (found < 0)
        return {};
    const EditorProblem& problem = m_problems[static_cast<std::size_t>(found)];
    return problem.hint.isEmpty() ? problem.message : problem.message + QLatin1Char('\n') + problem.hint;
}

} // namespace weir::editor
