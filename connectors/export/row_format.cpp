// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/export/row_format.h"

#include <algorithm>
#include <set>

namespace weir::exporter {

std::vector<std::string> distinctNames(const std::vector<std::string>& names, NameCase letters)
{
    const auto folded = [letters](std::string name) {
        if (letters == NameCase::Ignored)
            std::transform(name.begin(), name.end(), name.begin(),
                [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
        return name;
    };
    std::set<std::string> taken;
    std::vector<std::string> distinct;
    for (const std::string& name : names) {
        std::string candidate = name;
        for (int number = 2; !taken.insert(folded(candidate)).second; ++number)
            candidate = name + "_" + std::to_string(number);
        distinct.push_back(std::move(candidate));
    }
    return distinct;
}

} // namespace weir::exporter
