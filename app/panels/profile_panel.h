// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/panels/read_form.h"
#include "app/panels/run_panel.h"
#include "app/session/profile_run.h"

namespace weir {

/// What a topic is made of: reads a sample of it, or all, and tells sizes, keys, skew, fields, records by hour. The
/// report grows while it reads.
class ProfilePanel : public RunPanel
{
    Q_OBJECT
public:
    ProfilePanel(const PanelContext& context, const ReadForm::Asked& asked, QWidget* parent = nullptr);
    ~ProfilePanel() override;

    style::Icon icon() const override { return style::Icon::Table; }
    QString title() const override;
    void toggleStream() override;

protected:
    DrainSnapshot showProgress() override;
    void ended(const DrainSnapshot& drain) override;
    void concluded(const Result<void>& finished) override;
    void forgetRun() override;
    void showButtons() override;

private:
    Result<ReadRequest> request() const;
    void start();
    void finish();
    QStringList reportLines(const DrainSnapshot& drain) const;

    std::shared_ptr<ProfileRun> m_run; ///< while it reads

    QComboBox* m_part = nullptr;
    QPushButton* m_start = nullptr;
    QPushButton* m_finish = nullptr;
};

} // namespace weir
