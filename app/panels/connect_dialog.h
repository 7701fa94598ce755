// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/models/background.h"
#include "app/workspace/documents.h"
#include "connectors/kafka/connection_test.h"

#include <QDialog>

#include <stop_token>

class QButtonGroup;
class QLabel;
class QLineEdit;
class QVBoxLayout;

namespace weir {

/// A new connection: address, name, colour, groups to watch, and a test that names the step that fails. Nothing is
/// saved and nothing is written to the cluster before it is accepted.
class ConnectDialog : public QDialog
{
    Q_OBJECT
public:
    ConnectDialog(Background& background, QWidget* parent);
    ~ConnectDialog() override;

    ConnectionDocument document() const;
    /// Whether to open the connection at once.
    bool connectNow() const { return m_connectNow; }

private:
    QWidget* createForm();
    QWidget* createTest();
    QWidget* createButtons();
    void test();
    void showReport(const kafka::TestReport& report);
    void showStep(const kafka::TestStep& step, int number);

    Background& m_background;
    std::stop_source m_stop;
    bool m_connectNow = false;
    bool m_testing = false;
    QLineEdit* m_servers = nullptr;
    QLineEdit* m_name = nullptr;
    QLineEdit* m_groups = nullptr;
    QButtonGroup* m_colours = nullptr;
    QLabel* m_outcome = nullptr;
    QVBoxLayout* m_steps = nullptr;
};

} // namespace weir
