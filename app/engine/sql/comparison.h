// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/engine/sql/expression.h"

namespace weir::sql {

/// The comparison seen from the other side: a < b is b > a. Other functions stay what they are.
inline Function mirrored(Function comparison)
{
    switch (comparison) {
    case Function::Less:
        return Function::Greater;
    case Function::LessOrEqual:
        return Function::GreaterOrEqual;
    case Function::Greater:
        return Function::Less;
    case Function::GreaterOrEqual:
        return Function::LessOrEqual;
    default:
        return comparison;
    }
}

} // namespace weir::sql
