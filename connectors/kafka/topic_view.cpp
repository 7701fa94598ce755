// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/topic_view.h"

namespace weir::kafka {

TopicView::TopicView(std::string topic, std::vector<PartitionId> partitions)
    : m_topic(std::move(topic)), m_partitions(std::move(partitions))
{ }

void TopicView::setPositions(const std::map<PartitionId, std::int64_t>& next)
{
    const std::lock_guard lock(m_mutex);
    m_positions = next;
}

std::map<PartitionId, Watermarks> TopicView::watermarks() const
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

std::map<PartitionId, std::int64_t> TopicView::positions() const
{
    const std::lock_guard lock(m_mutex);
    return m_positions;
}

void TopicView::setWatermarks(const std::vector<Watermarks>& watermarks)
{
    const std::lock_guard lock(m_mutex);
    for (std::size_t i = 0; i < watermarks.size(); ++i) {
        if (!watermarks[i].error)
            m_watermarks[m_partitions[i]] = watermarks[i];
    }
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
