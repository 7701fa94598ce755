// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/kafka/connection_test.h"

#include <QFrame>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace weir {

/// The steps of a connection test: what was found at each, how long it took, and at the one that failed what to do.
/// GUI thread.
class ConnectSteps : public QFrame
{
    Q_OBJECT
public:
    explicit ConnectSteps(QWidget* parent = nullptr);

    void show(const kafka::TestReport& report);
    /// Nothing tried, and this in place of an outcome.
    void showUntried(const QString& outcome);
    /// The outcome in words: "not tried", "Failed at step 2, TCP", "passed, Kafka 4.1".
    QString outcome() const;
    /// The report as text, for the clipboard.
    QString text() const;

private:
    void addStep(const kafka::TestStep& step, int number);
    void addFindings(const kafka::TestStep& step);

    kafka::TestReport m_report;
    QVBoxLayout* m_steps;
    QLabel* m_outcome;
    QPushButton* m_copy;
};

} // namespace weir
