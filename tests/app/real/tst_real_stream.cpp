// SPDX-License-Identifier: GPL-3.0-or-later
// Window and command line on a real broker of the version in WEIR_KAFKA_VERSION, started once for all classes.
#include "tests/app/real/real_stream.h"

#include <QApplication>
#include <QTest>

int main(int argc, char** argv)
{
    const QApplication app(argc, argv);
    weir::test::RealStream stream;
    int failed = 0;
    for (const auto make : {weir::test::makeWalkTest, weir::test::makeQueriesTest, weir::test::makeOnlookersTest}) {
        const std::unique_ptr<QObject> test = make(stream);
        failed += QTest::qExec(test.get(), argc, argv);
    }
    return failed;
}
