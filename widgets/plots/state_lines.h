// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/style/state_look.h"

#include <QWidget>

#include <vector>

namespace weir::plots {

/// What is special about the data of a panel, one line per state, worst first. As high as its lines; hidden when empty.
class StateLines : public QWidget
{
public:
    explicit StateLines(QWidget* parent = nullptr);
    void setLines(std::vector<style::StateLine> lines);
    const std::vector<style::StateLine>& lines() const { return m_lines; }
    /// "Reduced: 1.2 M points → …"; the word is not repeated where the text says it.
    static QString textOf(const style::StateLine& line);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    int lineHeight(const style::StateLine& line) const;
    int textLeft() const;
    void fit();

    std::vector<style::StateLine> m_lines;
};

} // namespace weir::plots
