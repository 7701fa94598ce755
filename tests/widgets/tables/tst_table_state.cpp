// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tables/table_state.h"

#include <QJsonDocument>
#include <QTest>

using weir::tables::TableState;

class TestTableState : public QObject
{
    Q_OBJECT
private slots:
    void comesBackAsItWas()
    {
        const TableState state{{{QStringLiteral("Zeit"), 120, false}, {QStringLiteral("größe"), 80, true}}};
        QCOMPARE(TableState::fromJson(state.toJson()), state);
        QCOMPARE(TableState::fromJson(TableState().toJson()), TableState());
    }

    void readsAnything_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<int>("columns");
        QTest::addColumn<int>("width");
        QTest::newRow("nothing") << QByteArray("{}") << 0 << 0;
        QTest::newRow("no list") << QByteArray(R"({"columns": 7})") << 0 << 0;
        QTest::newRow("no objects") << QByteArray(R"({"columns": [1, "a", null, []]})") << 0 << 0;
        QTest::newRow("no id") << QByteArray(R"({"columns": [{"width": 5}]})") << 0 << 0;
        QTest::newRow("twice") << QByteArray(R"({"columns": [{"id": "a", "width": 5}, {"id": "a", "width": 6}]})") << 1
                               << 5;
        QTest::newRow("wide") << QByteArray(R"({"columns": [{"id": "a", "width": 1e300}]})") << 1 << 4000;
        QTest::newRow("negative") << QByteArray(R"({"columns": [{"id": "a", "width": -1e300}]})") << 1 << 1;
        QTest::newRow("no width") << QByteArray(R"({"columns": [{"id": "a", "width": "b"}]})") << 1 << 100;
    }
    void readsAnything()
    {
        QFETCH(QByteArray, json);
        const TableState state = TableState::fromJson(QJsonDocument::fromJson(json).object());
        QTEST(static_cast<int>(state.columns.size()), "columns");
        if (!state.columns.empty())
            QTEST(state.columns.front().width, "width");
    }
};

QTEST_GUILESS_MAIN(TestTableState)
#include "tst_table_state.moc"
