// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/panels/read_form.h"
#include "app/panels/run_panel.h"

class QCheckBox;
class QComboBox;

namespace weir {

/// Writes records of a connection to a file that other programs read, with progress, and can be given up. Closing its
/// tab gives it up, too.
class ExportPanel : public RunPanel
{
    Q_OBJECT
public:
    ExportPanel(const PanelContext& context, const ReadForm::Asked& asked, QWidget* parent = nullptr);
    ~ExportPanel() override;

    style::Icon icon() const override { return style::Icon::Export; }
    QString title() const override;
    void toggleStream() override;

protected:
    DrainSnapshot showProgress() override;
    void ended(const DrainSnapshot& drain) override;
    void concluded(const Result<void>& finished) override;
    void forgetRun() override;
    void showButtons() override;

private:
    void createButtons();
    void createForm(const ReadForm::Asked& asked);
    void followFormat();
    void chooseFile();
    Result<ExportRequest> request() const;
    void start();
    void finish();
    void cancel();

    std::shared_ptr<ExportRun> m_run; ///< while it writes
    QString m_done; ///< the file that is complete

    QLineEdit* m_file = nullptr;
    QLineEdit* m_only = nullptr;
    QComboBox* m_format = nullptr;
    QComboBox* m_columns = nullptr;
    QCheckBox* m_replace = nullptr;
    QPushButton* m_start = nullptr;
    QPushButton* m_finish = nullptr;
    QPushButton* m_cancel = nullptr;
    QPushButton* m_show = nullptr;
};

} // namespace weir
