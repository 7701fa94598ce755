// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/capture/storage.h"
#include "connectors/record/cluster.h"

namespace weir::capture {

constexpr std::string_view observationsName = "observations.log";

/// What was seen of the cluster beside its records, at one time: where groups stood, or how the connection fared.
struct Observation
{
    GroupRound groups; ///< with its time; of either kind
    std::optional<Connection> connection; ///< set: this is about the connection, and not about groups
    std::string problem; ///< why it was not up, in words
};

/// One line of observations.log: a checksum and JSON.
std::string observationLine(const Observation& observation);

/// What was observed, by time.
struct Observations
{
    std::vector<Observation> entries;
    std::string damage; ///< in words; empty: none

    /// Rounds of groups in (after, until].
    std::vector<GroupRound> rounds(EpochMs after, EpochMs until) const;
    /// The newest round up to that time; null: there is none.
    const GroupRound* roundAt(EpochMs time) const;
    /// How the connection fared at that time; null: nobody knows.
    const Observation* connectionAt(EpochMs time) const;
};

/// Lines that fail their checksum are left out and told; no file is as good as an empty one.
Result<Observations> readObservations(const std::string& root);

/// Writes observations.log. After a failure it writes nothing more: records come first, and they go elsewhere.
/// Thread-safe.
class ObservationsWriter
{
public:
    ObservationsWriter(Storage& storage, std::string root) : m_storage(storage), m_root(std::move(root)) { }

    void add(const Observation& observation);
    void sync();
    /// Nothing is written from now on. Why it ended before, if it did.
    std::optional<Error> close();

private:
    Storage& m_storage;
    const std::string m_root;
    std::mutex m_mutex; ///< guards what follows
    std::shared_ptr<AppendFile> m_file;
    bool m_closed = false;
    std::optional<Error> m_failure;
};

} // namespace weir::capture
