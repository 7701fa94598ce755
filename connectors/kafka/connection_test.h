// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/kafka/kafka_settings.h"

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace weir::kafka {

enum class StepOutcome : unsigned char { NotTried, Running, Passed, Failed };

/// One step of a connection test, in the words that the dialog shows.
struct TestStep
{
    std::string name; ///< Name lookup, TCP, API versions, Brokers, Topics and groups, Read one record
    StepOutcome outcome = StepOutcome::NotTried;
    std::string finding; ///< what was found, or what failed
    std::vector<std::string> details; ///< one a line: "broker 2  kafka-2.internal:9092  name lookup failed"
    std::string whatToDo; ///< only when failed
    std::chrono::milliseconds took{0};
};

struct TestReport
{
    std::vector<TestStep> steps;
    bool passed = false;
    std::string clusterId;
    std::string version; ///< "Kafka 4.1" as far as the API versions tell, empty when unknown
};

/// All steps, none tried.
TestReport untriedReport();

/// Tries all steps in order until one fails, calling `progress` after each change (on the caller's thread). Writes
/// nothing. Blocks for at most a few time-outs; never on the GUI thread.
TestReport testConnection(
    const KafkaSettings& settings, const std::function<void(const TestReport&)>& progress, std::stop_token stop = {});

} // namespace weir::kafka
