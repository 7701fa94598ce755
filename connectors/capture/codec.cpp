// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/capture/codec.h"

#include "connectors/capture/big_endian.h"

#include <array>
#include <lz4frame.h>
#include <memory>
#include <snappy.h>
#include <string>
#include <zlib.h>
#include <zstd.h>

namespace weir::capture {

namespace {

constexpr std::array<std::string_view, 5> names{"none", "gzip", "snappy", "lz4", "zstd"};
constexpr std::size_t firstStep = 64 << 10;
/// The framing that Kafka's Java clients put around Snappy's blocks.
constexpr std::array<char, 8> xerialMagic{'\x82', 'S', 'N', 'A', 'P', 'P', 'Y', 0};
constexpr std::size_t xerialHeader = 16;
constexpr std::size_t xerialBlock = 32 << 10;

Error corrupt(Codec codec, std::string_view what)
{
    return {ErrorKind::Corrupt, "the " + std::string(codecName(codec)) + " data are broken: " + std::string(what) + ".",
        {}};
}

Error tooLarge(Codec codec, std::size_t limit)
{
    return {ErrorKind::ResourceLimit,
        "the " + std::string(codecName(codec)) + " data unpack to more than the " + std::to_string(limit >> 20)
            + " MiB that are allowed for their size.",
        {}};
}

Error failed(Codec codec, std::string_view why)
{
    return {
        ErrorKind::Internal, "compressing with " + std::string(codecName(codec)) + " failed: " + std::string(why), {}};
}

/// Where a stream decompressor writes next; grows with what came out, to the limit.
class Outlet
{
public:
    Outlet(ByteBuffer& out, std::size_t limit) : m_out(out), m_limit(limit) { }

    /// At least one byte of room; zero at the limit.
    std::size_t room()
    {
        const std::size_t allowed = m_limit - m_written;
        const std::size_t wanted = std::min(allowed, std::max(firstStep, m_written));
        if (wanted > 0)
            m_out.room(wanted);
        return wanted;
    }
    char* at() { return m_out.data() + m_out.size(); }
    void wrote(std::size_t bytes)
    {
        m_out.commit(bytes);
        m_written += bytes;
    }

private:
    ByteBuffer& m_out;
    const std::size_t m_limit;
    std::size_t m_written = 0;
};

Result<void> zipGzip(std::span<const char> bytes, ByteBuffer& out)
{
    z_stream stream{};
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return failed(Codec::Gzip, "no memory");
    const std::size_t bound = deflateBound(&stream, bytes.size());
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.room(bound));
    stream.avail_out = static_cast<uInt>(bound);
    const int state = deflate(&stream, Z_FINISH);
    out.commit(bound - stream.avail_out);
    deflateEnd(&stream);
    return state == Z_STREAM_END ? Result<void>() : failed(Codec::Gzip, "the end was not reached");
}

Result<void> unzipGzip(std::span<const char> bytes, std::size_t limit, ByteBuffer& out)
{
    z_stream stream{};
    if (inflateInit2(&stream, 15 + 16) != Z_OK)
        return failed(Codec::Gzip, "no memory");
    const std::unique_ptr<z_stream, int (*)(z_stream*)> ends(&stream, inflateEnd);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    Outlet outlet(out, limit);
    for (int state = Z_OK; state != Z_STREAM_END;) {
        const std::size_t room = outlet.room();
        if (room == 0)
            return tooLarge(Codec::Gzip, limit);
        stream.next_out = reinterpret_cast<Bytef*>(outlet.at());
        stream.avail_out = static_cast<uInt>(room);
        state = inflate(&stream, Z_NO_FLUSH);
        const std::size_t came = room - stream.avail_out;
        outlet.wrote(came);
        if (state != Z_OK && state != Z_STREAM_END)
            return corrupt(Codec::Gzip, stream.msg ? stream.msg : "they end too early");
        if (state == Z_OK && came == 0 && stream.avail_in == 0)
            return corrupt(Codec::Gzip, "they end too early");
    }
    return stream.avail_in == 0 ? Result<void>() : corrupt(Codec::Gzip, "bytes behind the end");
}

Result<void> zipSnappy(std::span<const char> bytes, ByteBuffer& out)
{
    char* header = out.room(xerialHeader);
    std::memcpy(header, xerialMagic.data(), xerialMagic.size());
    storeBig<std::int32_t>(header + 8, 1);
    storeBig<std::int32_t>(header + 12, 1);
    out.commit(xerialHeader);
    for (std::size_t at = 0; at < bytes.size(); at += xerialBlock) {
        const std::size_t block = std::min(xerialBlock, bytes.size() - at);
        char* room = out.room(4 + snappy::MaxCompressedLength(block));
        std::size_t length = 0;
        snappy::RawCompress(bytes.data() + at, block, room + 4, &length);
        storeBig<std::int32_t>(room, static_cast<std::int32_t>(length));
        out.commit(4 + length);
    }
    return {};
}

/// Snappy's own blocks tell their size in front, and cannot unpack to more: the size is checked against the limit, and
/// against what so few bytes can be (a copy of 64 bytes takes two).
Result<void> unzipBlock(std::span<const char> block, std::size_t limit, ByteBuffer& out)
{
    std::size_t length = 0;
    if (!snappy::GetUncompressedLength(block.data(), block.size(), &length))
        return corrupt(Codec::Snappy, "a block has no length");
    if (length > limit)
        return tooLarge(Codec::Snappy, limit);
    if (length / 32 > block.size() || !snappy::IsValidCompressedBuffer(block.data(), block.size()))
        return corrupt(Codec::Snappy, "a block is invalid");
    char* room = out.room(length);
    if (!snappy::RawUncompress(block.data(), block.size(), room))
        return corrupt(Codec::Snappy, "a block is invalid");
    out.commit(length);
    return {};
}

Result<void> unzipSnappy(std::span<const char> bytes, std::size_t limit, ByteBuffer& out)
{
    if (bytes.size() < xerialHeader || std::memcmp(bytes.data(), xerialMagic.data(), xerialMagic.size()) != 0)
        return unzipBlock(bytes, limit, out);
    const std::size_t before = out.size();
    std::size_t at = xerialHeader;
    while (at < bytes.size()) {
        if (bytes.size() - at < 4)
            return corrupt(Codec::Snappy, "they end too early");
        const auto length = loadBig<std::uint32_t>(bytes.data() + at);
        at += 4;
        if (length > bytes.size() - at)
            return corrupt(Codec::Snappy, "a block is longer than they are");
        const std::size_t left = limit - (out.size() - before);
        if (auto block = unzipBlock(bytes.subspan(at, length), left, out); !block)
            return block;
        at += length;
    }
    return {};
}

Result<void> zipLz4(std::span<const char> bytes, ByteBuffer& out)
{
    LZ4F_preferences_t preferences{};
    preferences.frameInfo.blockMode = LZ4F_blockIndependent; // Kafka's Java reader takes no other
    const std::size_t bound = LZ4F_compressFrameBound(bytes.size(), &preferences);
    char* room = out.room(bound);
    const std::size_t length = LZ4F_compressFrame(room, bound, bytes.data(), bytes.size(), &preferences);
    if (LZ4F_isError(length) != 0)
        return failed(Codec::Lz4, LZ4F_getErrorName(length));
    out.commit(length);
    return {};
}

Result<void> unzipLz4(std::span<const char> bytes, std::size_t limit, ByteBuffer& out)
{
    LZ4F_dctx* made = nullptr;
    if (LZ4F_isError(LZ4F_createDecompressionContext(&made, LZ4F_VERSION)) != 0)
        return failed(Codec::Lz4, "no memory");
    const std::unique_ptr<LZ4F_dctx, LZ4F_errorCode_t (*)(LZ4F_dctx*)> context(made, LZ4F_freeDecompressionContext);
    Outlet outlet(out, limit);
    std::size_t at = 0;
    for (std::size_t hint = 1; hint != 0;) {
        std::size_t room = outlet.room();
        if (room == 0)
            return tooLarge(Codec::Lz4, limit);
        std::size_t taken = bytes.size() - at;
        hint = LZ4F_decompress(context.get(), outlet.at(), &room, bytes.data() + at, &taken, nullptr);
        if (LZ4F_isError(hint) != 0)
            return corrupt(Codec::Lz4, LZ4F_getErrorName(hint));
        outlet.wrote(room);
        at += taken;
        if (hint != 0 && room == 0 && taken == 0)
            return corrupt(Codec::Lz4, "they end too early");
    }
    return at == bytes.size() ? Result<void>() : corrupt(Codec::Lz4, "bytes behind the end");
}

Result<void> zipZstd(std::span<const char> bytes, ByteBuffer& out)
{
    thread_local const std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> context(
        ZSTD_createCCtx(), ZSTD_freeCCtx);
    const std::size_t bound = ZSTD_compressBound(bytes.size());
    char* room = out.room(bound);
    const std::size_t length =
        ZSTD_compressCCtx(context.get(), room, bound, bytes.data(), bytes.size(), ZSTD_CLEVEL_DEFAULT);
    if (ZSTD_isError(length) != 0)
        return failed(Codec::Zstd, ZSTD_getErrorName(length));
    out.commit(length);
    return {};
}

Result<void> unzipZstd(std::span<const char> bytes, std::size_t limit, ByteBuffer& out)
{
    const std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> context(ZSTD_createDCtx(), ZSTD_freeDCtx);
    if (!context)
        return failed(Codec::Zstd, "no memory");
    ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, 27); // 128 MiB, whatever a frame asks for
    Outlet outlet(out, limit);
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    for (std::size_t hint = 1; hint != 0;) {
        const std::size_t room = outlet.room();
        if (room == 0)
            return tooLarge(Codec::Zstd, limit);
        ZSTD_outBuffer made{outlet.at(), room, 0};
        const std::size_t before = in.pos;
        hint = ZSTD_decompressStream(context.get(), &made, &in);
        if (ZSTD_isError(hint) != 0)
            return corrupt(Codec::Zstd, ZSTD_getErrorName(hint));
        outlet.wrote(made.pos);
        if (hint != 0 && made.pos == 0 && in.pos == before)
            return corrupt(Codec::Zstd, "they end too early");
        if (hint == 0 && in.pos < in.size)
            hint = 1; // clients flush: several frames behind each other are one stream
    }
    return {};
}

} // namespace

std::string_view codecName(Codec codec)
{
    return names[static_cast<std::size_t>(codec)];
}

std::optional<Codec> codecOf(std::string_view name)
{
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == name)
            return static_cast<Codec>(i);
    }
    return std::nullopt;
}

Result<void> compress(Codec codec, std::span<const char> bytes, ByteBuffer& out)
{
    switch (codec) {
    case Codec::Gzip:
        return zipGzip(bytes, out);
    case Codec::Snappy:
        return zipSnappy(bytes, out);
    case Codec::Lz4:
        return zipLz4(bytes, out);
    case Codec::Zstd:
        return zipZstd(bytes, out);
    case Codec::None:
        break;
    }
    return failed(codec, "there is nothing to do");
}

std::size_t decompressionLimit(std::size_t compressed)
{
    constexpr std::size_t most = std::size_t{256} << 20;
    constexpr std::size_t unquestioned = std::size_t{16} << 20;
    constexpr std::size_t ratio = 200;
    return std::min(most, std::max(unquestioned, compressed * ratio));
}

Result<void> decompress(Codec codec, std::span<const char> bytes, std::size_t limit, ByteBuffer& out)
{
    switch (codec) {
    case Codec::Gzip:
        return unzipGzip(bytes, limit, out);
    case Codec::Snappy:
        return unzipSnappy(bytes, limit, out);
    case Codec::Lz4:
        return unzipLz4(bytes, limit, out);
    case Codec::Zstd:
        return unzipZstd(bytes, limit, out);
    case Codec::None:
        break;
    }
    return failed(codec, "there is nothing to do");
}

} // namespace weir::capture
