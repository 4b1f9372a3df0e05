using System.CommandLine;
using System.Globalization;
using LPZero.Seed.Integrity;
using LPZero.Seed.Storage;

namespace LPZero.Seed.CommandLine;

/// <summary><c>lpzero verify</c></summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var (database, json) = (CommonOptions.Database(), CommonOptions.Json());
        var command = new DescribedCommand(
            "verify",
            "Say whether a database holds what the program stored: replay every run, and check every block of terms. Nothing is changed.",
            "verify --db .lpzero/lpzero.db")
        {
            database, json,
        };
        command.SetAction(async (parsed, interrupt) =>
        {
            await using var opened = new Database(parsed.GetValue(database)!);
            await opened.ReadAsync();
            var findings = await new StoreVerification(opened).RunAsync(interrupt);
            if (parsed.GetValue(json))
            {
                CommonOptions.PrintJson(findings);
            }
            else
            {
                Print(findings);
            }

            return findings.FindDamage() is null ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static string Verdict(StoreFindings findings) =>
        findings.Problems.Count == 0 ? "all as it was stored"
        : findings.FindDamage() is null ? "all that can be checked is as it was stored"
        : string.Create(CultureInfo.InvariantCulture, $"{findings.Problems.Count:N0} problems");

    internal static void Print(StoreFindings findings)
    {
        foreach (var problem in findings.Problems)
        {
            Console.Out.WriteLine(problem);
        }

        var unsealed = findings.WithoutChecksum == 0 ? "" : string.Create(
            CultureInfo.InvariantCulture, $" ({findings.WithoutChecksum:N0} by an earlier version, without a checksum)");
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{findings.Runs:N0} runs with {findings.Events:N0} events, {findings.Benchmarks:N0} benchmarks, " +
            $"{findings.TermBlocks:N0} blocks of terms{unsealed}: " +
            $"{Verdict(findings)}"));
    }
}
