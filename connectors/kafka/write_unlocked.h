// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/kafka/kafka_settings.h"
#include "connectors/record/result.h"

#include <string>

namespace weir::kafka {

/// Proof that the user unlocked writing on one cluster: made only by unlockWriting(), taken by everything that writes.
class WriteUnlocked
{
public:
    const std::string& clusterId() const { return m_clusterId; }

private:
    friend Result<WriteUnlocked> unlockWriting(const KafkaSettings& settings, const std::string& clusterId);
    explicit WriteUnlocked(std::string clusterId) : m_clusterId(std::move(clusterId)) { }

    std::string m_clusterId;
};

/// Compares `clusterId` with what the live cluster says; an Error names both when they differ.
Result<WriteUnlocked> unlockWriting(const KafkaSettings& settings, const std::string& clusterId);

} // namespace weir::kafka
