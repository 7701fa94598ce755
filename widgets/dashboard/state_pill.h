// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/style/state_look.h"

#include <QWidget>

namespace weir::dashboard {

/// A state as glyph and words on its tint: "Live, 0.2 s behind end". 20 px high.
class StatePill : public QWidget
{
    Q_OBJECT
public:
    explicit StatePill(QWidget* parent = nullptr);
    /// Empty text: the state's own word.
    void setState(style::State state, const QString& text = {});
    style::State state() const { return m_state; }
    QString text() const;
    /// Without a tint and tighter, for panel heads and status bars.
    void setPlain(bool plain);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    style::State m_state = style::State::Live;
    QString m_text;
    bool m_plain = false;
};

} // namespace weir::dashboard
