// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/style/theme.h"

class QJsonObject;

/// Reads resources/themes/tokens.json. A missing or malformed token is a fault of the build and ends the program with
/// its name: the file is part of the executable.
namespace weir::style::tokens {

QJsonObject document();
Colors readColors(const QJsonObject& theme);
Sizes readSizes(const QJsonObject& root);
std::vector<SeriesLook> readSeries(const QJsonObject& root);
Fonts makeFonts(const QJsonObject& root);

} // namespace weir::style::tokens
