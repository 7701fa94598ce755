// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inspector/fold_list.h"

#include <algorithm>

namespace weir::inspector {

void FoldList::reset(const std::vector<InspectorLine>& lines)
{
    const std::size_t count = lines.size();
    m_depth.resize(count);
    m_folded.resize(count);
    m_end.assign(count, static_cast<int>(count));
    std::vector<int> open; // lines whose subtree has not ended yet
    for (std::size_t i = 0; i < count; ++i) {
        m_depth[i] = lines[i].depth;
        m_folded[i] = lines[i].foldable && lines[i].folded;
        while (!open.empty() && m_depth[static_cast<std::size_t>(open.back())] >= m_depth[i]) {
            m_end[static_cast<std::size_t>(open.back())] = static_cast<int>(i);
            open.pop_back();
        }
        open.push_back(static_cast<int>(i));
    }
    rebuild();
}

void FoldList::rebuild()
{
    m_shown.clear();
    const int count = static_cast<int>(m_depth.size());
    for (int line = 0; line < count;) {
        m_shown.push_back(line);
        line = isFolded(line) ? m_end[static_cast<std::size_t>(line)] : line + 1;
    }
}

int FoldList::shownAt(int line) const
{
    const auto after = std::upper_bound(m_shown.begin(), m_shown.end(), line);
    return static_cast<int>(after - m_shown.begin()) - 1;
}

bool FoldList::isShown(int line) const
{
    return std::binary_search(m_shown.begin(), m_shown.end(), line);
}

void FoldList::setFolded(int line, bool folded)
{
    m_folded[static_cast<std::size_t>(line)] = folded && hasChildren(line);
    rebuild();
}

void FoldList::setAllFolded(bool folded)
{
    for (int line = 0; line < static_cast<int>(m_folded.size()); ++line)
        m_folded[static_cast<std::size_t>(line)] = folded && hasChildren(line);
    rebuild();
}

int FoldList::parent(int line) const
{
    const int depth = m_depth[static_cast<std::size_t>(line)];
    while (--line >= 0) {
        if (m_depth[static_cast<std::size_t>(line)] < depth)
            return line;
    }
    return -1;
}

void FoldList::reveal(int line)
{
    bool changed = false;
    for (int above = parent(line); above >= 0; above = parent(above)) {
        changed = changed || isFolded(above);
        m_folded[static_cast<std::size_t>(above)] = 0;
    }
    if (changed)
        rebuild();
}

} // namespace weir::inspector
