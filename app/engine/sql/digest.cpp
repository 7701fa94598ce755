// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/sql/digest.h"

#include <openssl/evp.h>

#include <array>

namespace weir::sql {

std::int64_t digestBits(std::string_view name)
{
    constexpr std::pair<std::string_view, std::int64_t> names[] = {
        {"MD5", 128}, {"SHA1", 160}, {"SHA224", 224}, {"SHA256", 256}, {"SHA384", 384}, {"SHA512", 512}};
    for (const auto& [known, bits] : names) {
        if (known == name)
            return bits;
    }
    return 0;
}

std::optional<std::string> digestOf(std::string_view bytes, std::int64_t bits)
{
    const EVP_MD* function = bits == 128 ? EVP_md5()
        : bits == 160                    ? EVP_sha1()
        : bits == 224                    ? EVP_sha224()
        : bits == 256 || bits == 0       ? EVP_sha256()
        : bits == 384                    ? EVP_sha384()
        : bits == 512                    ? EVP_sha512()
                                         : nullptr;
    if (!function)
        return std::nullopt;
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    unsigned int size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), hash.data(), &size, function, nullptr) != 1)
        return std::nullopt;
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (unsigned int i = 0; i < size; ++i) {
        text += digits[hash[i] >> 4];
        text += digits[hash[i] & 0xF];
    }
    return text;
}

} // namespace weir::sql
