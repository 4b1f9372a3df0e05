using BenchmarkDotNet.Running;

// dotnet run -c Release --project bench/Micro -- --filter '*Ranking*'
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
