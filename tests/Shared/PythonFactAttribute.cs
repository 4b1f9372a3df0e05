using System.Diagnostics;

namespace LPZero.Tests;

/// <summary>A test that runs Python with PyTorch (LPZERO_PYTHON, or /usr/bin/python3, or python3).</summary>
internal sealed class PythonFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Found = new(() => Candidates().FirstOrDefault(HasTorch));

    public PythonFactAttribute()
    {
        if (Found.Value is null)
        {
            Skip = "no python3 can import torch (apt install python3-torch, or name one in LPZERO_PYTHON)";
        }
    }

    public static string Python => Found.Value!;

    private static IEnumerable<string> Candidates() =>
        Environment.GetEnvironmentVariable("LPZERO_PYTHON") is { Length: > 0 } given ? [given] : ["/usr/bin/python3", "python3"];

    private static bool HasTorch(string python)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(python, ["-c", "import torch"]) { RedirectStandardError = true, UseShellExecute = false })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
