// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/event/time_zone.h"
#include "app/engine/event/timestamp_text.h"

#include <QTest>

#include <array>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <random>
#include <set>
#include <sstream>

using namespace weir;

namespace {

const std::vector<std::string> zones{"Europe/Berlin", "Europe/Dublin", "America/Los_Angeles", "America/Sao_Paulo",
    "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia", "Asia/Tehran", "UTC",
    "America/Santiago", "Etc/GMT+8"};

std::int64_t instant(const char* text)
{
    return parseTimestamp(text, TimestampStandard::Sql)->millis;
}

std::string local(const char* zone, const char* utc)
{
    std::string text;
    appendTimestamp(text, {(*TimeZone::find(zone))->localOf(instant(utc)), 0}, 0);
    return text;
}

/// The C library's offset: another reader of the same database.
std::int64_t libraryOffset(std::int64_t utcMs)
{
    const std::time_t seconds = utcMs / 1000 - (utcMs % 1000 < 0 ? 1 : 0);
    std::tm parts{};
    localtime_r(&seconds, &parts);
    return parts.tm_gmtoff * 1000;
}

/// All instants at which the clocks show `localMs`, by trying every offset that the zone has around it.
std::set<std::int64_t> naiveInstants(const TimeZone& zone, std::int64_t localMs)
{
    std::set<std::int64_t> found;
    for (std::int64_t near = localMs - 48 * 3'600'000LL; near <= localMs + 48 * 3'600'000LL; near += 900'000) {
        const std::int64_t candidate = localMs - zone.offsetAt(near);
        if (zone.localOf(candidate) == localMs)
            found.insert(candidate);
    }
    return found;
}

std::string fileOf(const std::string& name)
{
    std::ifstream file("/usr/share/zoneinfo/" + name, std::ios::binary);
    std::ostringstream bytes;
    bytes << file.rdbuf();
    return bytes.str();
}

} // namespace

class TestTimeZone : public QObject
{
    Q_OBJECT

private slots:
    void offsetsAreTheLibrarys_data()
    {
        QTest::addColumn<QString>("name");
        for (const std::string& name : zones)
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }

    void offsetsAreTheLibrarys()
    {
        QFETCH(QString, name);
        const auto zone = TimeZone::find(name.toStdString());
        QVERIFY2(zone.ok(), "the package tzdata is missing");
        setenv("TZ", name.toUtf8().constData(), 1);
        tzset();
        std::mt19937_64 random(7);
        for (int i = 0; i < 20'000; ++i) {
            // From 1800 to 2400: before all rules, among them, and where only the rule of the year holds.
            const std::int64_t utc =
                instant("1800-01-01 00:00:00") + static_cast<std::int64_t>(random() % 18'934'000'000'000ULL);
            if ((*zone)->offsetAt(utc) != libraryOffset(utc))
                QCOMPARE(QString::number((*zone)->offsetAt(utc)),
                    QString::number(libraryOffset(utc)) + QString::number(utc));
        }
        unsetenv("TZ");
        tzset();
    }

    void instantsAreAllThatShowTheLocalTime_data() { offsetsAreTheLibrarys_data(); }
    void instantsAreAllThatShowTheLocalTime()
    {
        QFETCH(QString, name);
        const TimeZonePtr zone = *TimeZone::find(name.toStdString());
        std::mt19937_64 random(11);
        std::int64_t at = instant("1890-01-01 00:00:00");
        int odd = 0;
        while (at < instant("2260-01-01 00:00:00")) {
            // Every change of the offset and its surroundings, found by walking over the years.
            const std::int64_t step = 86'400'000;
            if (zone->offsetAt(at) == zone->offsetAt(at + step) && random() % 300 != 0) {
                at += step;
                continue;
            }
            for (int i = 0; i < 12; ++i) {
                const std::int64_t asked = zone->localOf(at) + static_cast<std::int64_t>(random() % 100) * 900'000;
                const LocalInstants got = zone->instantsOf(asked);
                const std::set<std::int64_t> wanted = naiveInstants(*zone, asked);
                QCOMPARE(std::size_t(got.count), wanted.size());
                odd += got.count != 1;
                if (wanted.empty()) { // moved forward by the gap: what the clocks show is later than asked
                    const std::int64_t gap = zone->offsetAt(got.transition) - zone->offsetAt(got.transition - 1);
                    QCOMPARE(zone->localOf(got.first), asked + gap);
                    QCOMPARE(got.second, got.first);
                } else {
                    QCOMPARE(got.first, *wanted.begin());
                    QCOMPARE(got.second, *wanted.rbegin());
                }
            }
            at += step;
        }
        const bool changes = name != "UTC" && name != "Etc/GMT+8";
        QVERIFY(changes == (odd > 0));
    }

    void knownMoments()
    {
        QCOMPARE(local("Europe/Berlin", "2024-03-31 00:59:59"), std::string("2024-03-31 01:59:59"));
        QCOMPARE(local("Europe/Berlin", "2024-03-31 01:00:00"), std::string("2024-03-31 03:00:00"));
        QCOMPARE(local("Europe/Berlin", "2050-07-01 12:00:00"), std::string("2050-07-01 14:00:00"));
        QCOMPARE(local("Asia/Kolkata", "2024-03-01 18:30:00"), std::string("2024-03-02 00:00:00"));
        QCOMPARE(local("GMT-08:00", "2024-03-01 08:00:00"), std::string("2024-03-01 00:00:00"));
        const TimeZonePtr berlin = *TimeZone::find("Europe/Berlin");
        // 02:30 did not exist on 31 March, and came twice on 27 October.
        QCOMPARE(berlin->instantOf(instant("2024-03-31 02:30:00")), instant("2024-03-31 01:30:00"));
        QCOMPARE(berlin->instantOf(instant("2024-10-27 02:30:00")), instant("2024-10-27 00:30:00"));
        QCOMPARE(berlin->instantOf(instant("2024-10-27 02:30:00"), Overlap::Later), instant("2024-10-27 01:30:00"));
        QVERIFY(berlin->hasSummerTime());
        QVERIFY(!(*TimeZone::find("Asia/Kolkata"))->hasSummerTime());
        QVERIFY((*TimeZone::find("UTC"))->isUtc() && !berlin->isUtc());
    }

    void namesThatAreNone()
    {
        for (const char* name :
            {"", "Europe/Nowhere", "../../../etc/passwd", "/etc/localtime", "Europe", "zone.tab", "right/Europe/Berlin",
                "GMT+19", "GMT+", "GMT+1:2:3", "GMT+08:60", "UTC+8", "+08:00", "Europe/Berlin\n"})
            QVERIFY2(!TimeZone::find(name).ok(), name);
        QVERIFY(TimeZone::find(std::string(100'000, 'a')).error().message.size() < 300);
        QVERIFY(!TimeZone::find(std::string_view("UTC\0", 4)).ok());
        for (const char* name : {"GMT+8", "GMT+08:00", "GMT-0330", "GMT", "Europe/Berlin"})
            QVERIFY2(TimeZone::find(name).ok(), name);
        QCOMPARE((*TimeZone::find("GMT-0330"))->offsetAt(0), std::int64_t(-12'600'000));
        QCOMPARE(TimeZone::find("Europe/Berlin")->get(), TimeZone::find("Europe/Berlin")->get()); // read once
    }

    void anyBytesAreNoZoneOrAZone()
    {
        const std::string file = fileOf("Europe/Berlin");
        QVERIFY(TimeZone::parse(file).has_value());
        for (std::size_t length = 0; length < file.size(); length += length < 200 ? 1 : 37)
            ask(TimeZone::parse(std::string_view(file).substr(0, length)));
        std::mt19937 random(3);
        int zonesFound = 0;
        for (int i = 0; i < 4'000; ++i) {
            std::string bytes = file;
            for (int flips = 1 + i % 5; flips > 0; --flips)
                bytes[random() % bytes.size()] = static_cast<char>(random());
            const auto zone = TimeZone::parse(bytes);
            zonesFound += zone ? 1 : 0;
            ask(zone);
        }
        QVERIFY(zonesFound > 0 && zonesFound < 4'000);
    }

    void anyRuleAtTheEndIsReadOrLeft()
    {
        const std::string file = fileOf("Europe/Berlin");
        const std::string before = file.substr(0, file.rfind('\n', file.size() - 2) + 1);
        for (const char* rule : {"", "CET", "CET-1", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0",
                 "CET-1CEST,J60,J300", "CET-1CEST,0,365/167:59:59", "<+01>-1<+02>,M3.5.0/-167,M10.5.0",
                 "CET-99999999999999CEST,M3.5.0,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0junk", "CET-1CEST-1,M3.5.0,M10.5.0"})
            ask(TimeZone::parse(before + rule + "\n"));
        QVERIFY(TimeZone::parse(before + "CET-1CEST,J60,J300\n")->hasSummerTime());
        QVERIFY(!TimeZone::parse(before + "CET-1CEST,M13.5.0,M10.5.0\n")->hasSummerTime());
    }

private:
    static void ask(const std::optional<TimeZone>& zone)
    {
        if (!zone)
            return;
        for (const std::int64_t at : {INT64_MIN, INT64_MIN + 1, std::int64_t(-1) << 59, std::int64_t(-62135596800000),
                 std::int64_t(0), std::int64_t(1711846800000), std::int64_t(1) << 55, INT64_MAX}) {
            const std::int64_t offset = zone->offsetAt(at);
            QVERIFY(offset >= -27 * 3'600'000LL && offset <= 168 * 3'600'000LL);
            const LocalInstants instants = zone->instantsOf(at);
            QVERIFY(instants.count >= 0 && instants.count <= 2);
        }
    }
};

QTEST_GUILESS_MAIN(TestTimeZone)
#include "tst_time_zone.moc"
