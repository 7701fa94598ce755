// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/engine/pipeline/reaper.h"
#include "app/main_window.h"
#include "app/models/heartbeat.h"
#include "app/quit_signals.h"
#include "app/start_marks.h"
#include "widgets/style/theme.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QStandardPaths>
#include <QTimer>

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <unistd.h>

namespace {

using namespace weir;

struct Options
{
    bool demo = false;
    QString screenshot;
    int after = 5; ///< seconds
    QString theme;
    QString connectTo;
    QString capture;
    QString openTopic;
    QString config;
    std::size_t memoryBytes = 0;
    LiveBufferSettings buffers;
    bool printHeartbeat = false;
    bool printMarks = false;
};

[[noreturn]] void refuse(const QString& option, const QString& text, const QString& wanted)
{
    std::fprintf(stderr, "weir: --%s: '%s' is not %s.\n", qPrintable(option), qPrintable(text), qPrintable(wanted));
    std::exit(2);
}

/// What an option says, `otherwise` without it; leaves when that is no whole number from `least` on.
int numberOf(const QCommandLineParser& parser, const QString& option, int least, int otherwise)
{
    if (!parser.isSet(option))
        return otherwise;
    bool isNumber = false;
    const int number = parser.value(option).toInt(&isNumber);
    if (!isNumber || number < least)
        refuse(option, parser.value(option), QStringLiteral("a whole number of at least %1").arg(least));
    return number;
}

/// "dark", "light", or nothing.
QString themeOf(const QCommandLineParser& parser)
{
    const QString option = QStringLiteral("theme");
    const QString theme = parser.value(option);
    if (parser.isSet(option) && theme != QLatin1String("dark") && theme != QLatin1String("light"))
        refuse(option, theme, QStringLiteral("dark or light"));
    return theme;
}

Options optionsOf(const QApplication& app)
{
    constexpr int leastMebi = 64;
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral("Weir, a workbench for event streams."));
    parser.addHelpOption();
    parser.addVersionOption();
    const auto option = [&](const char* name, const char* text, const char* value = "") {
        parser.addOption({QString::fromLatin1(name), QString::fromLatin1(text), QString::fromLatin1(value)});
    };
    option("demo", "Start the built-in order pipeline and open its dashboard");
    option("connect", "Connect to a cluster, without saving it", "host:port");
    option("capture", "Open a capture, or a broker's own data folder", "folder");
    option("open", "Open this topic of what --connect or --capture gives", "topic");
    option("theme", "dark or light", "name");
    option("config", "Folder of the documents, instead of the user's", "folder");
    option("memory", "Memory budget in MiB, 64 or more", "MiB");
    option("disk", "Disk budget of topic views in MiB, 64 or more; 8 GiB or a quarter of the free disk if not given",
        "MiB");
    option("scroll-back", "Minutes that topic views can be scrolled back; as far as the disk budget goes if not given",
        "minutes");
    option("screenshot", "Draw the window to this file, print its figures and leave", "file");
    option("after", "Seconds of traffic before the screenshot", "seconds");
    option("print-heartbeat", "Print the gaps of the window's event loop when leaving");
    option("print-marks", "Print when the first frame and the first plotted point came into view");
    parser.process(app);
    Options options;
    options.demo = parser.isSet(QStringLiteral("demo"));
    options.screenshot = parser.value(QStringLiteral("screenshot"));
    options.after = numberOf(parser, QStringLiteral("after"), 0, options.after);
    options.theme = themeOf(parser);
    options.connectTo = parser.value(QStringLiteral("connect"));
    options.capture = parser.value(QStringLiteral("capture"));
    options.openTopic = parser.value(QStringLiteral("open"));
    options.config = parser.value(QStringLiteral("config"));
    options.memoryBytes = static_cast<std::size_t>(numberOf(parser, QStringLiteral("memory"), leastMebi, 1024)) << 20;
    options.buffers.folder =
        (QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation) + QStringLiteral("/weir/live"))
            .toStdString();
    options.buffers.limitBytes = static_cast<std::uint64_t>(numberOf(parser, QStringLiteral("disk"), leastMebi, 0))
        << 20;
    options.buffers.age = std::chrono::minutes(numberOf(parser, QStringLiteral("scroll-back"), 1, 0));
    options.printHeartbeat = parser.isSet(QStringLiteral("print-heartbeat"));
    options.printMarks = parser.isSet(QStringLiteral("print-marks"));
    return options;
}

/// Draws the window and says what it shows; false when the file cannot be written.
bool takePicture(MainWindow& window, const QString& file)
{
    const bool written = window.grab().save(file);
    if (!written)
        std::fprintf(stderr, "weir: %s cannot be written\n", qPrintable(file));
    for (const QString& line : window.summary())
        std::printf("%s\n", qPrintable(line));
    std::printf("Picture: %s\n", qPrintable(file));
    return written;
}

} // namespace

int main(int argc, char** argv)
{
    QuitSignals::block();
    QApplication app(argc, argv);
    QApplication::setApplicationName(QStringLiteral("weir"));
    QApplication::setApplicationVersion(QStringLiteral(WEIR_VERSION));
    const Options options = optionsOf(app);
    Workspace workspace(options.config);
    workspace.load();
    const QString theme = options.theme.isEmpty() ? workspace.window().theme : options.theme;
    style::ThemeSwitch::instance().apply(app, theme == QLatin1String("light") ? style::Mode::Light : style::Mode::Dark);
    auto budget = std::make_shared<MemoryBudget>(options.memoryBytes);
    int code = 0;
    {
        MainWindow::Setup setup{workspace, budget, SystemClock::instance()};
        setup.buffers = LiveBuffers::open(options.buffers, budget, SystemClock::instance());
        MainWindow window(std::move(setup));
        const QuitSignals quitSignals;
        Heartbeat heartbeat;
        std::optional<StartMarks> marks;
        if (options.printMarks)
            marks.emplace(window);
        window.restore();
        window.show();
        heartbeat.start();
        if (options.demo)
            window.startDemo();
        if (!options.connectTo.isEmpty() || !options.capture.isEmpty()) {
            const QString id =
                options.capture.isEmpty() ? window.connectTo(options.connectTo) : window.openCapture(options.capture);
            if (!options.openTopic.isEmpty())
                window.openTopic(id, options.openTopic);
        }
        if (!options.screenshot.isEmpty())
            QTimer::singleShot(std::chrono::seconds(options.after), &window,
                [&] { app.exit(takePicture(window, options.screenshot) ? EXIT_SUCCESS : EXIT_FAILURE); });
        code = QApplication::exec();
        if (options.printHeartbeat)
            std::printf("%s\n", qPrintable(heartbeat.text()));
    }
    workspace.flush();
    std::fflush(nullptr);
    // Closing clients can take seconds while a broker is away: they get two, then the process leaves.
    Reaper::instance().drain(std::chrono::seconds(2));
    _exit(code);
}
