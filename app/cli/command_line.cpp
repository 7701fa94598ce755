// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"

#include <CLI/CLI.hpp>

#include <cmath>

namespace weir::cli {

namespace {

/// CLI11's own check names the largest double in its complaint.
CLI::Validator notNegative()
{
    return {[](const std::string& text) {
                return text.starts_with('-') ? "'" + text + "' is negative. Give 0 or more." : std::string();
            },
        "", "not negative"};
}

template <typename T>
CLI::Option& addNumber(CLI::App& verb, const char* names, T& into, NumberRange range)
{
    CLI::Option* option = verb.add_option(names, into);
    if (std::isinf(range.most))
        option->check(notNegative());
    else
        option->check(CLI::Range(static_cast<T>(range.least), static_cast<T>(range.most)));
    if (into != std::numeric_limits<T>::max())
        option->capture_default_str();
    return *option;
}

} // namespace

void VerbOptions::required(const char* names, std::string& into, const char* help)
{
    m_verb.add_option(names, into, help)->required();
}

void VerbOptions::text(const char* names, std::string& into, const char* help)
{
    m_verb.add_option(names, into, help)->capture_default_str();
}

void VerbOptions::requiredTexts(const char* names, std::vector<std::string>& into, const char* help)
{
    m_verb.add_option(names, into, help)->required();
}

void VerbOptions::texts(const char* names, std::vector<std::string>& into, const char* help)
{
    m_verb.add_option(names, into, help);
}

void VerbOptions::flag(const char* names, bool& into, const char* help)
{
    m_verb.add_flag(names, into, help);
}

void VerbOptions::number(const char* names, int& into, const char* help, NumberRange range)
{
    addNumber(m_verb, names, into, range).description(help);
}

void VerbOptions::number(const char* names, std::int64_t& into, const char* help, NumberRange range)
{
    addNumber(m_verb, names, into, range).description(help);
}

void VerbOptions::number(const char* names, std::uint64_t& into, const char* help, NumberRange range)
{
    addNumber(m_verb, names, into, range).description(help);
}

void VerbOptions::number(const char* names, double& into, const char* help, NumberRange range)
{
    addNumber(m_verb, names, into, range).description(help);
}

void VerbOptions::numbers(const char* names, std::vector<int>& into, const char* help)
{
    m_verb.add_option(names, into, help)->check(notNegative());
}

void VerbOptions::connection(const char* jsonHelp)
{
    CLI::Option_group* from = m_verb.add_option_group("Read from");
    from->add_option("-b,--brokers", m_shared.brokers, "Bootstrap servers, host:port, comma separated");
    from->add_option("--capture", m_shared.capture, "A capture, or a broker's own data folder, instead of a cluster");
    from->require_option(1);
    json(jsonHelp);
}

void VerbOptions::brokers(const char* help)
{
    m_verb.add_option("-b,--brokers", m_shared.brokers, help);
}

void VerbOptions::capture(const char* help)
{
    m_verb.add_option("--capture", m_shared.capture, help);
}

void VerbOptions::requiredBrokers(const char* help)
{
    m_verb.add_option("-b,--brokers", m_shared.brokers, help)->required();
}

void VerbOptions::requiredCapture(const char* help)
{
    m_verb.add_option("--capture", m_shared.capture, help)->required();
}

void VerbOptions::pace()
{
    text("--speed", m_shared.speed,
        "How a capture comes: flat (out), original (as it was received then), or a factor: 10, 0.5");
}

void VerbOptions::json(const char* help)
{
    flag("--json", m_shared.json, help);
}

void VerbOptions::memory()
{
    text("--memory", m_shared.memory, "Memory budget, such as 256MiB or 1GiB");
}

CommandLine::CommandLine()
    : m_app(std::make_unique<CLI::App>(
        "Weir on the command line: look into event streams without changing them.", "weir-cli"))
{
    m_app->set_version_flag("--version", std::string("weir-cli ") + WEIR_VERSION);
    m_app->require_subcommand(1);
    m_app->footer("Exit codes: 0 done, 1 failed, 2 usage, 3 done but incomplete.");
}

CommandLine::~CommandLine() = default;

VerbOptions CommandLine::addVerb(const char* name, const std::string& help, Action action)
{
    CLI::App* verb = m_app->add_subcommand(name, help);
    verb->callback([this, action = std::move(action)] { m_chosen = action; });
    return {*verb, m_shared};
}

std::optional<ExitCode> CommandLine::parse(int argc, const char* const* argv)
{
    try {
        m_app->parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return m_app->exit(error) == 0 ? ExitCode::Done : ExitCode::Usage;
    }
    return {};
}

} // namespace weir::cli
