// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/models/connection_tree.h"
#include "widgets/style/icons.h"

#include <optional>

namespace weir {

/// What one row of the tree shows; compared as a whole to know whether it changed.
struct ConnectionTree::Row
{
    NodeKind kind = NodeKind::Connection;
    Tone tone = Tone::Normal;
    QString name;
    QString caption; ///< muted, after the name
    QString trendHead; ///< of sections: how much time the spark lines cover
    QString rate;
    QString size;
    QString hint;
    QList<double> trend;
    int colour = 0;
    std::optional<style::Icon> lock; ///< of a connection that is up

    bool sameAs(const Row& other) const;
};

/// A row that should be there, with its children.
struct ConnectionTree::Wanted
{
    QString key; ///< among its siblings, and what the row stands for
    Row row;
    std::vector<Wanted> children;
};

/// How long ago the next record of a group was produced, in ms, if the topics it reads went on at their present rate;
/// nullopt while nothing is produced or nothing is known.
std::optional<double> behindMs(const GroupLag& group, const std::vector<TopicRate>& topics);

} // namespace weir
