// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>

namespace weir::editor {

/// What holds for the text in the editor, in one line with a border in its colour: "Runs unchanged on Flink". A click
/// asks for the place that the verdict is about. GUI thread.
class VerdictButton : public QAbstractButton
{
    Q_OBJECT
public:
    enum class Kind : std::uint8_t { Good, Limited, Local, Broken };

    explicit VerdictButton(QWidget* parent = nullptr);
    /// `details` is the tool tip, in plain text.
    void setVerdict(Kind kind, const QString& text, const QString& details);
    Kind kind() const { return m_kind; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Kind m_kind = Kind::Good;
};

} // namespace weir::editor
