// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

/// Contrast after WCAG 2, CIEDE2000 after Sharma, Wu and Dalal (2005), dichromacy after Machado et al. (2009).
namespace weir::test {

using Triple = std::array<double, 3>;

inline double linear(double channel)
{
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

inline Triple linearRgb(const QColor& c)
{
    return {linear(c.redF()), linear(c.greenF()), linear(c.blueF())};
}

inline double luminance(const QColor& c)
{
    const Triple rgb = linearRgb(c);
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
}

inline double contrast(const QColor& a, const QColor& b)
{
    const double la = luminance(a), lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

enum class Sight { Normal, Protanopia, Deuteranopia, Tritanopia };

inline Triple seen(const Triple& rgb, Sight sight)
{
    using Matrix = std::array<Triple, 3>;
    static const std::array<Matrix, 4> matrices = {Matrix{Triple{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
        Matrix{Triple{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
        Matrix{Triple{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
        Matrix{
            Triple{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}};
    Triple result{};
    for (std::size_t row = 0; row < 3; ++row) {
        for (std::size_t i = 0; i < 3; ++i)
            result[row] += matrices[std::size_t(sight)][row][i] * rgb[i];
        result[row] = std::clamp(result[row], 0.0, 1.0);
    }
    return result;
}

inline Triple lab(const Triple& rgb)
{
    const Triple xyz = {(0.4124564 * rgb[0] + 0.3575761 * rgb[1] + 0.1804375 * rgb[2]) / 0.95047,
        0.2126729 * rgb[0] + 0.7151522 * rgb[1] + 0.0721750 * rgb[2],
        (0.0193339 * rgb[0] + 0.1191920 * rgb[1] + 0.9503041 * rgb[2]) / 1.08883};
    Triple f{};
    for (std::size_t i = 0; i < 3; ++i)
        f[i] = xyz[i] > 216.0 / 24389 ? std::cbrt(xyz[i]) : (24389.0 / 27 * xyz[i] + 16) / 116;
    return {116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])};
}

inline double degrees(double radians)
{
    const double result = radians * 180 / std::numbers::pi;
    return result < 0 ? result + 360 : result;
}

inline double radians(double degrees)
{
    return degrees * std::numbers::pi / 180;
}

inline double ciede2000(const Triple& one, const Triple& two)
{
    const double c7 = std::pow((std::hypot(one[1], one[2]) + std::hypot(two[1], two[2])) / 2, 7);
    const double g = 0.5 * (1 - std::sqrt(c7 / (c7 + 6103515625.0)));
    const double a1 = one[1] * (1 + g), a2 = two[1] * (1 + g);
    const double chroma1 = std::hypot(a1, one[2]), chroma2 = std::hypot(a2, two[2]);
    const double h1 = chroma1 == 0 ? 0 : degrees(std::atan2(one[2], a1));
    const double h2 = chroma2 == 0 ? 0 : degrees(std::atan2(two[2], a2));
    const bool grey = chroma1 * chroma2 == 0;
    double dh = grey ? 0 : h2 - h1;
    dh += dh > 180 ? -360 : dh < -180 ? 360 : 0;
    double meanH = h1 + h2;
    if (!grey)
        meanH = std::fabs(h1 - h2) <= 180 ? meanH / 2 : (meanH < 360 ? meanH + 360 : meanH - 360) / 2;
    const double dL = two[0] - one[0], dC = chroma2 - chroma1;
    const double dH = 2 * std::sqrt(chroma1 * chroma2) * std::sin(radians(dh / 2));
    const double meanL = (one[0] + two[0]) / 2, meanC = (chroma1 + chroma2) / 2;
    const double t = 1 - 0.17 * std::cos(radians(meanH - 30)) + 0.24 * std::cos(radians(2 * meanH))
        + 0.32 * std::cos(radians(3 * meanH + 6)) - 0.20 * std::cos(radians(4 * meanH - 63));
    const double l50 = (meanL - 50) * (meanL - 50);
    const double sL = 1 + 0.015 * l50 / std::sqrt(20 + l50);
    const double sC = 1 + 0.045 * meanC, sH = 1 + 0.015 * meanC * t;
    const double mean7 = std::pow(meanC, 7);
    const double turn = std::sin(radians(60 * std::exp(-std::pow((meanH - 275) / 25, 2))));
    const double rT = -2 * std::sqrt(mean7 / (mean7 + 6103515625.0)) * turn;
    return std::sqrt(std::pow(dL / sL, 2) + std::pow(dC / sC, 2) + std::pow(dH / sH, 2) + rT * dC / sC * dH / sH);
}

} // namespace weir::test
