// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/panels/report_panel.h"

namespace weir {

/// What a topic is made of: sizes, keys, skew, fields, records by hour.
class ProfilePanel : public ReportPanel
{
    Q_OBJECT
public:
    ProfilePanel(const PanelContext& context, const ReadForm::Asked& asked, QWidget* parent = nullptr);

    style::Icon icon() const override { return style::Icon::Table; }
    QString title() const override;

protected:
    Opener opener() const override;
    QStringList foundLines(const ReportRun& run) override;
};

} // namespace weir
