// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/models/background.h"
#include "app/workspace/documents.h"
#include "connectors/kafka/connection_test.h"

#include <QDialog>

#include <stop_token>

class QButtonGroup;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;

namespace weir {

class ConnectionMark;
class ConnectSteps;

/// What is wrong with a list of broker addresses, and how to write it; empty when nothing is.
QString serversProblem(const QString& servers);

/// A new connection, or another look at a saved one: address, name, colour, environment, groups to watch, and a test
/// that names the step that fails. Nothing is saved and nothing is written to the cluster before it is accepted.
class ConnectDialog : public QDialog
{
    Q_OBJECT
public:
    struct Given
    {
        ConnectionDocument document; ///< without an id: a new one
        QList<ConnectionDocument> others; ///< whose names and colours are taken
    };

    ConnectDialog(Background& background, Given given, QWidget* parent);
    ~ConnectDialog() override;

    ConnectionDocument document() const;
    /// Whether to open the connection at once: its test passed.
    bool connectNow() const { return m_connectNow; }
    void accept() override;

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* createHead();
    QWidget* createForm();
    void addFields(QFormLayout* form);
    QWidget* createColours();
    QWidget* createEnvironments();
    QWidget* createFoot();
    void fill();
    void edited();
    QString problem() const;
    bool checkFields();
    void test();
    void tested(const kafka::TestReport& report);

    Background& m_background;
    Given m_given;
    std::stop_source m_stop;
    std::uint64_t m_tests = 0;
    bool m_testing = false;
    bool m_connectNow = false;
    QLineEdit* m_servers = nullptr;
    QLineEdit* m_name = nullptr;
    QLineEdit* m_groups = nullptr;
    QButtonGroup* m_colours = nullptr;
    QButtonGroup* m_environments = nullptr;
    QLabel* m_problem = nullptr;
    ConnectSteps* m_steps = nullptr;
    ConnectionMark* m_mark = nullptr;
    QPushButton* m_connect = nullptr;
    QWidget* m_scrim = nullptr;
};

} // namespace weir
