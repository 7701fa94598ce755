// SPDX-License-Identifier: GPL-3.0-or-later
// Runs against a real broker of the version in WEIR_KAFKA_VERSION, started once for all classes.
#include "tests/connectors/kafka/real_kafka.h"

#include <QCoreApplication>
#include <QTest>

int main(int argc, char** argv)
{
    const QCoreApplication app(argc, argv);
    weir::test::RealKafka kafka;
    int failed = 0;
    for (const auto make : {weir::test::makeRecordsTest, weir::test::makeStatesTest}) {
        const std::unique_ptr<QObject> test = make(kafka);
        failed += QTest::qExec(test.get(), argc, argv);
    }
    return failed;
}
