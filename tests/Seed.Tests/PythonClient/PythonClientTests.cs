namespace LPZero.Seed.Tests.PythonClient;

public class PythonClientTests
{
    [PythonFact]
    public async Task The_client_passes_its_own_tests() => Assert.Contains(
        "OK", await PythonProgram.RunAsync("unittest", "discover", "-t", ".", "-s", "tests"), StringComparison.Ordinal);
}
