// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/real/real_stream.h"

namespace weir::test {

RealStream::~RealStream()
{
    feeder.reset();
    server.reset();
}

bool RealStream::start()
{
    if (server)
        return feeder != nullptr;
    skip = KafkaServer::whySkip();
    if (!skip.isEmpty())
        return false;
    proxy = std::make_unique<KafkaProxy>();
    m_address = proxy->address();
    server = std::make_unique<KafkaServer>(qEnvironmentVariable("WEIR_KAFKA_VERSION", QStringLiteral("4.1.1")),
        KafkaServer::withAuthorizer()
            + QStringList{QStringLiteral("advertised.listeners=CLIENT://") + QString::fromStdString(m_address)});
    if (!server->start()) {
        qWarning("%s", qPrintable(server->problem()));
        return false;
    }
    const std::string real = server->bootstrap();
    proxy->setBroker(std::stoi(real.substr(real.find(':') + 1)));
    feeder = std::make_unique<KafkaFeeder>(m_address, "lz4", feederId);
    return true;
}

QString cliProgram()
{
    return QStringLiteral(WEIR_CLI);
}

Outcome cli(const QStringList& arguments, const QByteArray& input)
{
    return runCommand(cliProgram(), arguments, input);
}

Outcome cliSql(const std::string& script, const QStringList& options)
{
    return cli(QStringList{QStringLiteral("sql")} + options + QStringList{QStringLiteral("-")},
        QByteArray::fromStdString(script));
}

} // namespace weir::test
