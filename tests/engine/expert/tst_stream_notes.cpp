// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/expert/stream_notes.h"

#include <QTest>

using namespace weir;
using namespace weir::expert;

namespace {

constexpr EpochMs begin = 1'700'000'000'000;

/// A partition that is written to record by record.
class Writer
{
public:
    explicit Writer(int partition) : m_partition{partition} { }

    Writer& add(std::optional<std::string> key, std::optional<std::string> value, EpochMs time = -1)
    {
        m_records.push_back({std::move(key), std::move(value), time < 0 ? begin + m_next * 10 : time, m_next});
        ++m_next;
        return *this;
    }
    Writer& addMany(int count)
    {
        for (int i = 0; i < count; ++i)
            add("k" + std::to_string(m_partition.value) + "-" + std::to_string(i),
                "{\"id\":" + std::to_string(m_next) + "}");
        return *this;
    }
    Writer& skip(std::int64_t offsets, GapReason reason)
    {
        m_gaps.push_back({m_next, m_next + offsets, reason});
        m_next += offsets;
        return *this;
    }
    RecordBatchPtr batch()
    {
        BatchSize size{m_records.size(), 0, 0};
        for (const Record& one : m_records)
            size.bytes += one.key.value_or("").size() + one.value.value_or("").size();
        RecordBatchBuilder builder(std::make_shared<const std::string>("t"), m_partition, size);
        for (const Gap& gap : m_gaps)
            builder.addGap(gap);
        for (const Record& one : m_records)
            builder.add(one.offset, one.time, TimestampType::CreateTime, one.key, one.value);
        m_records.clear();
        m_gaps.clear();
        return builder.finish(0, nullptr);
    }
    std::int64_t next() const { return m_next; }

private:
    struct Record
    {
        std::optional<std::string> key;
        std::optional<std::string> value;
        EpochMs time = 0;
        std::int64_t offset = 0;
    };
    const PartitionId m_partition;
    std::vector<Record> m_records;
    std::vector<Gap> m_gaps;
    std::int64_t m_next = 0;
};

const StreamNote* noteOf(const std::vector<StreamNote>& notes, NoteKind kind)
{
    const auto found =
        std::find_if(notes.begin(), notes.end(), [kind](const StreamNote& note) { return note.kind == kind; });
    return found == notes.end() ? nullptr : &*found;
}

std::vector<StreamNote> notesOn(const std::vector<RecordBatchPtr>& batches)
{
    StreamNotes notes;
    for (const RecordBatchPtr& batch : batches)
        notes.add(batch);
    return notes.notes();
}

/// "partition@offset: detail"
QString placeOf(const StreamNote& note, std::size_t at)
{
    const NotePlace& place = note.places.at(at);
    return QString("%1@%2: %3").arg(place.partition.value).arg(place.offset).arg(QString::fromStdString(place.detail));
}

} // namespace

class TestStreamNotes : public QObject
{
    Q_OBJECT
private slots:
    void anOrdinaryStreamHasNone()
    {
        QVERIFY(notesOn({Writer(0).addMany(2000).batch(), Writer(1).addMany(2000).batch()}).empty());
        QVERIFY(notesOn({}).empty());
        QVERIFY(notesOn({Writer(0).add("k", std::nullopt).add("k", "").batch()}).empty()); // tombstone and empty
    }

    void gapsWithTheirReasons()
    {
        Writer writer(3);
        const auto notes = notesOn({writer.add("a", "{}").skip(5, GapReason::Compacted).add("b", "{}").batch(),
            writer.skip(2, GapReason::Retention).add("c", "{}").batch()});
        const StreamNote* note = noteOf(notes, NoteKind::Gap);
        QVERIFY(note);
        QCOMPARE(note->level, NoteLevel::Warning); // retention took some
        QVERIFY2(note->text.find("7 offsets carry no record") == 0, note->text.c_str());
        QCOMPARE(placeOf(*note, 0), QString("3@6: 5 offsets in front of it, from 1 on: compacted"));
        QCOMPARE(placeOf(*note, 1), QString("3@9: 2 offsets in front of it, from 7 on: deleted by retention"));
        Writer other(0);
        const auto mild = notesOn({other.skip(1, GapReason::Control).add("a", "{}").batch()});
        QCOMPARE(noteOf(mild, NoteKind::Gap)->level, NoteLevel::Note);
    }

    void timestampsThatRunBackwards()
    {
        Writer writer(1);
        const auto notes = notesOn({writer.add("a", "{}", begin + 100)
                                        .add("b", "{}", begin + 40)
                                        .add("c", "{}", begin + 90)
                                        .add("d", "{}", begin + 100)
                                        .batch()});
        const StreamNote* note = noteOf(notes, NoteKind::TimeRegression);
        QVERIFY(note);
        QCOMPARE(note->count, std::uint64_t{2}); // an equal one does not
        QCOMPARE(placeOf(*note, 0), QString("1@1: 60 ms before offset 0"));
        QVERIFY(note->text.find("at most 60 ms") != std::string::npos);
    }

    void duplicates()
    {
        Writer writer(0);
        writer.add("a", "{\"n\":1}", begin).add("b", "{\"n\":1}", begin).add("a", "{\"n\":1}", begin); // sent twice
        writer.add("a", "{\"n\":1}", begin + 1).add("a", "{\"n\":2}", begin + 1); // a later one, another value
        const auto notes = notesOn({writer.batch()});
        const StreamNote* note = noteOf(notes, NoteKind::Duplicate);
        QVERIFY(note);
        QCOMPARE(note->count, std::uint64_t{1});
        QCOMPARE(placeOf(*note, 0), QString("0@2: repeats offset 0"));
        // In another partition it is another record.
        QVERIFY(!noteOf(notesOn({Writer(0).add("a", "{}", begin).batch(), Writer(1).add("b", "{}", begin).batch()}),
            NoteKind::Duplicate));
    }

    void keysInSeveralPartitions()
    {
        Writer one(0);
        Writer two(1);
        one.add("stays", "{}").add("moves", "{}", begin + 50);
        two.add("moves", "{}", begin + 90).add("other", "{}", begin + 91);
        const auto notes = notesOn({two.batch(), one.batch()}); // whichever is read first
        const StreamNote* note = noteOf(notes, NoteKind::KeyOrder);
        QVERIFY(note);
        QCOMPARE(note->count, std::uint64_t{1});
        QCOMPARE(placeOf(*note, 0), QString("1@0: key moves in partitions 0, 1"));
        QVERIFY2(note->text.find("of 3 looked at:") != std::string::npos, note->text.c_str());
    }

    /// More keys than are kept: some are watched, all of whose records count.
    void manyKeysAreSampled()
    {
        KeyWatch watch;
        KeyWatch other;
        constexpr int keys = 300'000;
        for (int from = 0; from < keys; from += 1000) {
            Writer one(0);
            Writer two(1);
            for (int i = from; i < from + 1000; ++i) {
                one.add("key-" + std::to_string(i), "{}");
                two.add("key-" + std::to_string(i), "{}");
            }
            const auto first = one.batch();
            const auto second = two.batch();
            for (std::size_t row = 0; row < first->size(); ++row) {
                watch.add(*first, row);
                other.add(*second, row);
            }
        }
        watch.merge(other);
        QVERIFY(watch.keys() <= KeyWatch::mostKeys);
        QVERIFY(watch.oneOf() >= 4);
        QCOMPARE(watch.spread().size(), watch.keys()); // every one of them stands in both
        const double estimate = double(watch.keys()) * double(watch.oneOf());
        QVERIFY2(std::abs(estimate - keys) < 0.05 * keys, qPrintable(QString::number(estimate)));
    }

    void poisonAmongJson()
    {
        Writer writer(2);
        writer.addMany(100).add("bad", "{\"id\":").addMany(10);
        const auto notes = notesOn({writer.batch()});
        const StreamNote* note = noteOf(notes, NoteKind::Poison);
        QVERIFY(note);
        QCOMPARE(note, &notes.front()); // the worst
        QCOMPARE(note->level, NoteLevel::Error);
        QCOMPARE(placeOf(*note, 0), QString("2@100: the value is no JSON"));
        Writer text(0); // a topic of something else is not poisoned
        for (int i = 0; i < 50; ++i)
            text.add("k" + std::to_string(i), "plain text " + std::to_string(i));
        QVERIFY(!noteOf(notesOn({text.batch()}), NoteKind::Poison));
    }

    void schemaChanges()
    {
        Writer writer(0);
        for (int i = 0; i < 600; ++i)
            writer.add({}, "{\"id\":" + std::to_string(i) + ",\"note\":\"n\",\"amount\":1}");
        writer.add({}, R"({"id":1,"note":"n","amount":"1.50"})"); // another type
        writer.add({}, R"({"id":2,"note":"n","amount":2,"discount":null})"); // a new one
        writer.add({}, R"({"id":3,"amount":2,"discount":1})"); // one is gone
        writer.add({}, R"({"id":4,"amount":2,"discount":1})"); // told once
        writer.add({}, R"({"id":5,"note":null,"amount":2})"); // a null is no other type
        const auto notes = notesOn({writer.batch()});
        const StreamNote* note = noteOf(notes, NoteKind::SchemaChange);
        QVERIFY(note);
        QStringList places;
        for (std::size_t i = 0; i < note->places.size(); ++i)
            places << placeOf(*note, i);
        QCOMPARE(places,
            QStringList({"0@600: field amount is text, was number", "0@601: field discount came, null",
                "0@602: field note is not there, was in every value before"}));
    }

    void oversizedRecords()
    {
        Writer writer(0);
        writer.addMany(2000)
            .add("large", "{\"x\":\"" + std::string(100'000, 'x') + "\"}")
            .add("huge", std::string(1'000'000, '7'));
        const auto notes = notesOn({writer.batch()});
        const StreamNote* note = noteOf(notes, NoteKind::Oversized);
        QVERIFY(note);
        QCOMPARE(note->count, std::uint64_t{2});
        QCOMPARE(placeOf(*note, 0), QString("0@2000: 100,013 bytes"));
    }

    void hotKeysAndSkew()
    {
        Writer hot(0);
        for (int i = 0; i < 3000; ++i)
            hot.add(i % 3 == 0 ? "hot" : "k" + std::to_string(i), "{}");
        const auto notes = notesOn({hot.batch(), Writer(1).addMany(100).batch(), Writer(2).addMany(100).batch()});
        const StreamNote* key = noteOf(notes, NoteKind::HotKey);
        QVERIFY(key);
        QCOMPARE(key->key, std::string("hot"));
        QVERIFY2(
            key->text.find("The key hot has at least 30.") == 0 || key->text.find("The key hot has at least 31.") == 0,
            key->text.c_str());
        const StreamNote* skew = noteOf(notes, NoteKind::Skew);
        QVERIFY(skew);
        QVERIFY2(skew->text.find("Partition 0 has 93.8 % of the records") == 0, skew->text.c_str());
    }

    /// One report for each reading thread, and all of them together.
    void mergedLikeOne()
    {
        Writer one(0);
        Writer two(1);
        one.addMany(50)
            .add("x", "{\"a\":1}", begin)
            .add("x", "{\"a\":1}", begin)
            .skip(3, GapReason::Compacted)
            .addMany(5);
        two.addMany(20).add("x", "{\"b\":").addMany(1000);
        const auto first = one.batch();
        const auto second = two.batch();
        StreamNotes together;
        together.add(first);
        together.add(second);
        StreamNotes left;
        StreamNotes right;
        left.add(first);
        right.add(second);
        StreamNotes merged;
        merged.merge(right);
        merged.merge(left);
        const auto wanted = together.notes();
        const auto notes = merged.notes();
        QCOMPARE(merged.records(), together.records());
        QCOMPARE(notes.size(), wanted.size());
        for (std::size_t i = 0; i < notes.size(); ++i) {
            QCOMPARE(notes[i].text, wanted[i].text);
            QCOMPARE(notes[i].places.size(), wanted[i].places.size());
            for (std::size_t p = 0; p < notes[i].places.size(); ++p)
                QCOMPARE(placeOf(notes[i], p), placeOf(wanted[i], p));
        }
    }

    void placesAreBounded()
    {
        Writer writer(0);
        for (int i = 0; i < 5000; ++i)
            writer.add({}, "{}", begin + 10'000 - i);
        const auto notes = notesOn({writer.batch()});
        const StreamNote* note = noteOf(notes, NoteKind::TimeRegression);
        QCOMPARE(note->count, std::uint64_t{4999});
        QCOMPARE(note->places.size(), NotedPlaces::mostPlaces);
    }
};

QTEST_GUILESS_MAIN(TestStreamNotes)
#include "tst_stream_notes.moc"
