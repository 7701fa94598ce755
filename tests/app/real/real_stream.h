// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/command.h"
#include "tests/support/kafka_proxy.h"
#include "tests/support/kafka_server.h"

#include <memory>
#include <string>

namespace weir::test {

/// One real broker of the version in WEIR_KAFKA_VERSION, shared by all test classes of the program. Whoever uses
/// address() goes through a proxy that reads every request, since the broker advertises it and nothing else.
struct RealStream
{
    QString skip; ///< why there is none
    std::unique_ptr<KafkaProxy> proxy; ///< before the broker: it is the broker's address
    std::unique_ptr<KafkaServer> server;
    std::unique_ptr<KafkaFeeder> feeder;

    ~RealStream();
    /// Called by every class before its tests; starts what is not running.
    bool start();
    const std::string& address() const { return m_address; }

private:
    std::string m_address;
};

/// Requests of the feeder are not looking.
constexpr const char* feederId = "feeder";

/// weir-cli, run to its end.
Outcome cli(const QStringList& arguments, const QByteArray& input = {});
/// weir-cli sql with the script as its standard input.
Outcome cliSql(const std::string& script, const QStringList& options = {});
QString cliProgram();

/// The test classes of the program, in the order in which they run. Owned by the caller.
std::unique_ptr<QObject> makeWalkTest(RealStream& stream);
std::unique_ptr<QObject> makeQueriesTest(RealStream& stream);
std::unique_ptr<QObject> makeOnlookersTest(RealStream& stream);

} // namespace weir::test
