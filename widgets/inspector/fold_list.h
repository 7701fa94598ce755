// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/inspector/inspector_lines.h"

#include <vector>

namespace weir::inspector {

/// Which lines of a tree are shown. Every change is linear in the number of lines; every question but parent() is not.
class FoldList
{
public:
    void reset(const std::vector<InspectorLine>& lines);

    int shown() const { return static_cast<int>(m_shown.size()); }
    int lineAt(int shown) const { return m_shown[static_cast<std::size_t>(shown)]; }
    /// Where the line stands among the shown ones, or its nearest shown ancestor.
    int shownAt(int line) const;
    bool isShown(int line) const;

    bool isFolded(int line) const { return m_folded[static_cast<std::size_t>(line)] != 0; }
    bool hasChildren(int line) const { return m_end[static_cast<std::size_t>(line)] > line + 1; }
    void setFolded(int line, bool folded);
    void setAllFolded(bool folded);
    int parent(int line) const; ///< -1: none
    /// Unfolds all ancestors.
    void reveal(int line);

private:
    void rebuild();

    std::vector<int> m_depth;
    std::vector<int> m_end; ///< one past the last line of the subtree
    std::vector<char> m_folded;
    std::vector<int> m_shown;
};

} // namespace weir::inspector
