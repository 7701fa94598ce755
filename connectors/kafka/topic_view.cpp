// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/topic_view.h"

#include <utility>

namespace weir::kafka {

TopicView::TopicView(std::string topic, std::vector<PartitionId> partitions)
    : m_topic(std::move(topic)), m_partitions(std::move(partitions))
{ }

void TopicView::setPositions(const std::map<PartitionId, std::int64_t>& next)
{
    const std::lock_guard lock(m_mutex);
    m_positions = next;
}

WatermarksByPartition TopicView::watermarks() const
{
    const std::lock_guard lock(m_mutex);
    return m_watermarks;
}

std::optional<Problem> TopicView::problem() const
{
    const std::lock_guard lock(m_mutex);
    return m_problem;
}

int TopicView::recreations() const
{
    const std::lock_guard lock(m_mutex);
    return m_recreations;
}

int TopicView::looks() const
{
    const std::lock_guard lock(m_mutex);
    return m_looks;
}

void TopicView::suspect()
{
    const std::lock_guard lock(m_mutex);
    m_suspected = true;
}

bool TopicView::takeSuspicion()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_suspected, false);
}

std::map<PartitionId, std::int64_t> TopicView::positions() const
{
    const std::lock_guard lock(m_mutex);
    return m_positions;
}

void TopicView::setWatermarks(const WatermarksByPartition& watermarks)
{
    const std::lock_guard lock(m_mutex);
    ++m_looks;
    for (const auto& [id, one] : watermarks)
        m_watermarks[id] = one;
}

void TopicView::setProblem(std::optional<Problem> problem)
{
    const std::lock_guard lock(m_mutex);
    // A problem that goes on keeps the time since when it does.
    if (problem && m_problem && problem->kind == m_problem->kind)
        problem->since = m_problem->since;
    m_problem = std::move(problem);
}

void TopicView::countRecreation()
{
    const std::lock_guard lock(m_mutex);
    ++m_recreations;
    m_positions.clear(); // those of the topic that is gone
    m_watermarks.clear();
}

} // namespace weir::kafka
