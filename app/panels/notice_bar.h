// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/style/state_look.h"

#include <QFrame>

class QLabel;
class QPushButton;

namespace weir {

/// A line above data that tells what is wrong with it, in words, and what can be done. Hidden while there is nothing to
/// tell. Its text is plain, whatever it is fed.
class NoticeBar : public QFrame
{
    Q_OBJECT
public:
    explicit NoticeBar(QWidget* parent = nullptr);

    /// `action` is the text of a link; empty: none.
    void tell(style::State state, const QString& text, const QString& action = {});
    void clear();
    QString text() const;

signals:
    void actionRequested();

private:
    QLabel* m_glyph;
    QLabel* m_text;
    QPushButton* m_action;
    style::State m_state = style::State::Live;
};

} // namespace weir
