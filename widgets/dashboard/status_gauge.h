// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

namespace weir::dashboard {

/// "Memory ▭ 588 MiB of 1 GiB": a name, a bar of 92 px with a mark at 90 %, the exact words. For the status bar.
class StatusGauge : public QWidget
{
    Q_OBJECT
public:
    explicit StatusGauge(const QString& name, QWidget* parent = nullptr);
    /// Bytes; `limit` 0 means unknown: no bar is filled and "of …" is left out.
    void setValue(double used, double limit);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString usedText() const;
    QString limitText() const;

    QString m_name;
    double m_used = 0;
    double m_limit = 0;
};

} // namespace weir::dashboard
