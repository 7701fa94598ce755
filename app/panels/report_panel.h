// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/panels/read_form.h"
#include "app/panels/run_panel.h"
#include "app/session/report_run.h"

namespace weir {

/// Reads a sample of a topic, or all, and tells what it found; the report grows while it reads.
class ReportPanel : public RunPanel
{
    Q_OBJECT
public:
    ~ReportPanel() override;

    void toggleStream() override;

protected:
    /// `start` is the word on the button.
    ReportPanel(const PanelContext& context, const ReadForm::Asked& asked, const Words& words, const QString& start,
        QWidget* parent);
    /// Begins at once where a topic was asked for. At the end of the constructor.
    void begin(const ReadForm::Asked& asked);

    /// *Blocks*; not on this thread.
    using Opener = Result<std::shared_ptr<ReportRun>> (*)(Cluster& cluster, const ReadRequest& request);
    virtual Opener opener() const = 0;
    /// What was found so far.
    virtual QStringList foundLines(const ReportRun& run) = 0;

    DrainSnapshot showProgress() override;
    void ended(const DrainSnapshot& drain) override;
    void concluded(const Result<void>& finished) override;
    void forgetRun() override;
    void showButtons() override;

private:
    Result<ReadRequest> request() const;
    void start();
    void finish();
    QStringList reportLines(const DrainSnapshot& drain);

    std::shared_ptr<ReportRun> m_run; ///< while it reads

    QComboBox* m_part = nullptr;
    QPushButton* m_start = nullptr;
    QPushButton* m_finish = nullptr;
};

} // namespace weir
